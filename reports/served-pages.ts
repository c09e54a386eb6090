// Pages that only a server shows: all experiments of a home, and one whose report is not there yet.
import { documentText } from './page/document.ts';
import { html } from './page/html.ts';

export interface ServedExperiment {
  readonly name: string;
  readonly title: string;
  readonly hasReport: boolean;
}

/** What there is to see. */
export function experimentsPage(experiments: readonly ServedExperiment[]): string {
  return documentText({
    title: 'simcne: experiments',
    body: html`<header><h1>Experiments</h1></header>
<main><div class="scroll" tabindex="0"><table class="settings"><thead><tr><th scope="col">experiment</th><th scope="col">what it is</th>
<th scope="col">report</th></tr></thead><tbody>${experiments.map(
      ({ name, title, hasReport }) =>
        html`<tr><th scope="row"><a href="/${name}/">${name}</a></th><td>${title}</td><td>${hasReport ? 'yes' : 'none yet'}</td></tr>`,
    )}</tbody></table></div></main>`,
  });
}

/** In place of an overview, or of a cell's page, that is not rendered yet. */
export function unrenderedPage(experiment: string): string {
  return documentText({
    title: `${experiment}: no report yet`,
    body: html`<header><p class="eyebrow">experiment <b>${experiment}</b></p><h1>No report yet</h1></header>
<main><p>It is being rendered, and will stand here in a moment. The experiment is run by <code>simcne run ${experiment}</code>.</p></main>
<footer></footer>`,
  });
}
