// Which image each name in a table means: by the whole path, the file's name, without its ending, in any case of letters.
import path from 'node:path';

export interface Matching {
  /** For each name, the place of its image; undefined where none is meant, or several are. */
  readonly places: readonly (number | undefined)[];
  /** How many of the names (`places` that are defined). */
  readonly matched: number;
  /** Not by the names themselves. */
  readonly isGuess?: boolean;
  /** What was allowed, where names are not those of the files; in words. */
  readonly understood?: string;
}

/** What a file or a name is looked up by, strictest first. */
const forms: readonly { of: (name: string) => string; words?: string }[] = [
  { of: name => name },
  { of: name => path.posix.basename(name) },
  { of: name => withoutEnding(name) },
  { of: name => withoutEnding(path.posix.basename(name)) },
  { of: name => path.posix.basename(name).toLowerCase(), words: 'names in other case of letters' },
  {
    of: name => withoutEnding(path.posix.basename(name)).toLowerCase(),
    words: 'names in other case of letters',
  },
];

/** Matches `names` with `files` (paths with slashes); a name is matched where exactly one file has it. */
export function matchNames(names: readonly string[], files: readonly string[]): Matching {
  const wanted = names.map(normal);
  const held = files.map(normal);
  const places: (number | undefined)[] = wanted.map(() => undefined);
  const words = new Set<string>();
  for (const form of forms) {
    const byForm = uniquePlaces(held.map(form.of));
    wanted.forEach((name, i) => {
      if (places[i] !== undefined || name === '') return;
      const place = byForm.get(form.of(name)) ?? byForm.get(form.of(name).replace(/\.$/, ''));
      if (place === undefined) return;
      places[i] = place;
      if (form.words) words.add(form.words);
    });
  }
  const matched = places.filter(place => place !== undefined).length;
  if (matched > 0) return { places, matched, understood: [...words].join() || undefined };
  return byNumber(wanted, held) ?? { places, matched };
}

/** `3` means `scan 003.png`, where all names are numbers, and all files are told apart by the number at their names' ends. */
function byNumber(names: readonly string[], files: readonly string[]): Matching | undefined {
  if (!names.every(name => /^\d+(\.0)?$/.test(name))) return undefined;
  const endings = files.map(file => /^(.*?)(\d+)$/.exec(withoutEnding(path.posix.basename(file))));
  const starts = new Set(endings.map(ending => ending?.[1]));
  if (starts.size !== 1 || starts.has(undefined)) return undefined;
  const byEnding = uniquePlaces(endings.map(ending => String(Number(ending![2]))));
  if (byEnding.size !== files.length) return undefined;
  const places = names.map(name => byEnding.get(String(Number(name))));
  const matched = places.filter(place => place !== undefined).length;
  if (matched === 0) return undefined;
  const i = places.findIndex(place => place !== undefined);
  return {
    places,
    matched,
    isGuess: true,
    understood: `numbers whose zeros were lost: ${names[i]} as ${files[places[i]!]}`,
  };
}

/** Places by names that only one has. */
function uniquePlaces(names: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  names.forEach((name, place) => {
    if (places.has(name)) twice.add(name);
    places.set(name, place);
  });
  for (const name of twice) places.delete(name);
  return places;
}

function normal(name: string): string {
  return name
    .trim()
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '');
}

/** Only endings of images: `scan 1.5` has none. */
function withoutEnding(name: string): string {
  return name.replace(/\.(png|jpe?g|jpe|jfif|tiff?|webp|gif|bmp|dib|avif|dcm|dicom|ima)$/i, '');
}
