// What the folders mean that images lie in: parts (train, test), classes, or neither.
import type { Column } from '../own-images.ts';
import { InvalidOwnImages, quoted } from '../own-images.ts';

export interface FolderMeaning {
  /** Of each image; undefined where it lies in no folder of a class. */
  readonly classes: readonly (string | undefined)[];
  /** `part`, and levels of folders that are neither parts nor classes. */
  readonly columns: readonly Column[];
  readonly understood: readonly string[];
}

const partNames = /^(train(ing)?|val(id(ation)?)?|dev|test(ing)?)$/i;

/**
 * Reads the folders of images at `files` (paths with slashes). Folders that all images share mean nothing; of the rest, those named
 * `train`, `val`, `test` and the like are parts, and if one level is left, it is the classes.
 * @param classLevel which level of folders (from 1, parts not counted) names the classes; 0: none does
 * @throws InvalidOwnImages where several levels are left, and none is chosen
 */
export function folderMeaning(folder: string, files: readonly string[], classLevel?: number): FolderMeaning {
  let levels = files.map(file => file.split('/').slice(0, -1));
  while (levels.every(([first, second]) => second !== undefined && first === levels[0][0])) {
    levels = levels.map(one => one.slice(1));
  }
  const partLevel = [0, 1].find(level => levels.every(one => partNames.test(one[level] ?? '')));
  const parts = partLevel === undefined ? undefined : levels.map(one => one[partLevel].toLowerCase());
  if (partLevel !== undefined) levels = levels.map(one => one.filter((_, level) => level !== partLevel));
  const depth = levels.reduce((most, one) => Math.max(most, one.length), 0);
  const chosen = classLevel ?? (depth <= 1 ? depth : undefined);
  if (chosen === undefined) {
    const deep = files[levels.findIndex(one => one.length === depth)];
    throw new InvalidOwnImages(
      folder,
      `folders lie within folders ("${deep}"): say which level names the classes, ${choices(levels, depth)}; --class-level 0 where none does`,
    );
  }
  if (chosen > depth)
    throw new InvalidOwnImages(folder, `--class-level ${chosen}: there are ${depth} levels of folders`);
  const classes = levels.map(one => (chosen === 0 ? undefined : one[chosen - 1]));
  const others = Array.from({ length: depth }, (_, level) => level).filter(level => level !== chosen - 1);
  return {
    classes,
    columns: [
      ...(parts ? [{ name: 'part', values: parts }] : []),
      ...others.map(level => ({ name: `folder ${level + 1}`, values: levels.map(one => one[level] ?? '') })),
    ],
    understood: parts ? [`parts ${quoted([...new Set(parts)])}`] : [],
  };
}

function choices(levels: readonly (readonly string[])[], depth: number): string {
  return Array.from({ length: depth }, (_, level) => {
    const names = new Set(levels.flatMap(one => one[level] ?? []));
    return `--class-level ${level + 1} (${quoted([...names], 2)})`;
  }).join(' or ');
}
