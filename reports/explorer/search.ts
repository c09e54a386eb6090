// What one can type into the search field: numbers of images, ranges of them, and names of classes.
import type { Embedding } from './embedding.ts';

/** The images that a text such as `12, 40-60, EOS` names, ascending; or what was not understood. */
export function searchImages(
  text: string,
  { n, classes, labels }: Pick<Embedding, 'n' | 'classes' | 'labels'>,
): { images: number[] } | { problem: string } {
  const found = new Set<number>();
  for (const part of partsOf(text, classes)) {
    const range = /^(\d+)(?:\s*[-–]\s*(\d+))?$/.exec(part);
    if (range) {
      const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
      if (last >= n || last < first) return { problem: `${part}: images are numbered 0 to ${n - 1}` };
      for (let image = first; image <= last; image++) found.add(image);
      continue;
    }
    const wanted = matchingClasses(part, classes);
    if (wanted.size === 0) return { problem: `${part}: neither a number nor a class` };
    labels.forEach((label, image) => {
      if (wanted.has(label)) found.add(image);
    });
  }
  return { images: [...found].sort((a, b) => a - b) };
}

/** What commas divide; of that, what is no name as it stands, word by word: `12 eos 40 - 60`. */
function partsOf(text: string, classes: Embedding['classes']): string[] {
  return text
    .replace(/(\d)\s*[-–]\s*(?=\d)/g, '$1-')
    .split(/[,;]/)
    .flatMap(piece => (matchingClasses(piece.trim(), classes).size > 0 ? piece.trim() : piece.split(/\s+/)))
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
