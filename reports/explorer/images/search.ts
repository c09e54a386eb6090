// What one can type into the search field: numbers of images, ranges of them, names of classes, and what is known of one's own images.
import type { Known } from '../cell-data.ts';
import type { Embedding } from '../embedding.ts';

type Searched = Pick<Embedding, 'n' | 'classes' | 'labels' | 'known'>;

/**
 * The images that a text such as `12, 40-60, EOS` names, ascending; or what was not understood. Words that are no class are looked for
 * in the columns (`P3`, `patient=P3`) and in the names of files.
 */
export function searchImages(text: string, embedding: Searched): { images: number[] } | { problem: string } {
  const { n, classes, labels, known } = embedding;
  const found = new Set<number>();
  for (const part of partsOf(text, embedding)) {
    const range = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(part);
    if (range) {
      const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
      if (last >= n || last < first) return { problem: `${part}: images are numbered 0 to ${n - 1}` };
      for (let image = first; image <= last; image++) found.add(image);
      continue;
    }
    const wanted = matchingClasses(part, classes);
    if (wanted.size === 0) {
      const others = known ? matchingImages(part, known) : [];
      const places = known ? 'a number, nor a class, nor in a name or column' : 'a number nor a class';
      if (others.length === 0) return { problem: `${part}: neither ${places}` };
      for (const image of others) found.add(image);
      continue;
    }
    labels.forEach((label, image) => {
      if (wanted.has(label)) found.add(image);
    });
  }
  return { images: [...found].sort((a, b) => a - b) };
}

/** What commas divide; of that, what is no name as it stands, word by word: `12 eos 40 - 60`. */
function partsOf(text: string, { classes, known }: Searched): string[] {
  const isName = (piece: string) =>
    matchingClasses(piece, classes).size > 0 ||
    (known !== undefined && matchingImages(piece, known).length > 0);
  return text
    .replace(/(\d)\s*[-–]\s*(?=\d)/g, '$1-')
    .split(/[,;]/)
    .flatMap(piece => (isName(piece.trim()) ? piece.trim() : piece.split(/\s+/)))
    .filter(Boolean);
}

/** The class of that very name, else all that have the text in their names. */
function matchingClasses(text: string, classes: Embedding['classes']): Set<number> {
  const wanted = text.toLowerCase();
  const names = classes.map(({ name, short }) => [name.toLowerCase(), short.toLowerCase()]);
  const exact = names.flatMap((pair, label) => (pair.includes(wanted) ? label : []));
  if (exact.length > 0) return new Set(exact);
  return new Set(names.flatMap((pair, label) => (pair.some(name => name.includes(wanted)) ? label : [])));
}

/** Those with that very word in a column, in the column that is named (`patient=P3`), else with the text in their files' names. */
function matchingImages(text: string, { files, columns }: Known): number[] {
  if (text === '' || /^\d+(-\d+)?$/.test(text)) return []; // numbers are those of images
  const [, column, value = text] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  const inColumns = columns.filter(({ name }) => column === undefined || same(name, column));
  const images = files.map((_, image) => image);
  const exact = images.filter(image => inColumns.some(({ values }) => same(values[image], value)));
  if (exact.length > 0 || column !== undefined) return exact;
  return images.filter(image => files[image].toLowerCase().includes(text.toLowerCase()));
}
