// HTML as text that cannot be broken out of: what a template is filled with is escaped unless it is HTML itself.

/** A piece of HTML, made by `html` or declared safe by `trusted`. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Filling = Html | string | number | null | undefined | false | readonly Filling[];

/** html`<td>${value}</td>`: text and numbers are escaped, HTML stays, lists are joined, nothing is left out. */
export function html(pieces: TemplateStringsArray, ...fillings: Filling[]): Html {
  return new Html(pieces.map((piece, i) => piece + (i < fillings.length ? fill(fillings[i]) : '')).join(''));
}

/** Text that is HTML already: our own style sheet. */
export const trusted = (text: string): Html => new Html(text);

/** Data for a script to read: JSON in which no tag can begin or end. */
export function json(value: unknown): Html {
  return trusted(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function fill(filling: Filling): string {
  if (filling instanceof Html) return filling.text;
  if (Array.isArray(filling)) return filling.map(fill).join('');
  if (filling === null || filling === undefined || filling === false) return '';
  return String(filling).replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
