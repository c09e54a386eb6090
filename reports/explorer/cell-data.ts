// The data of one cell as the report's scripts read it: `data/<address>.js`, which hands it over when it is loaded.

/** Arrays are base64 of little-endian numbers, image by image. */
export interface CellData {
  readonly address: string;
  /** Experiment, method and seed, in words. */
  readonly name: string;
  /** Dataset, n and seed. */
  readonly title: string;
  readonly dataset: string;
  readonly n: number;
  /** Of which images these are a part, and `[n]` their places there as uint32; absent where that is not known. */
  readonly whole?: string;
  readonly sourceIndices?: string;
  readonly classes: readonly ClassData[];
  /** The class that stands for none, where there are images without one. */
  readonly noClass?: number;
  /** What is known of the user's own images: where each comes from, and columns of words, `[n]` each. */
  readonly known?: Known;
  readonly thumbnails?: ThumbnailData;
  /** float32 `[n, 2]`. */
  readonly positions: string;
  /** uint16 `[n]`. */
  readonly labels: string;
  /** uint16 `[n]`: the class that most of the nearest others have. */
  readonly predicted: string;
  /** float32 `[n]`: the share of the nearest others that have another class. */
  readonly disagreement: string;
  /** float32 `[n]`. */
  readonly silhouette: string;
  /** float32 `[n]`: points per unit of area. */
  readonly density: string;
  /** uint32 `[n, neighbourCount]`: the nearest in feature space, nearest first; absent where there are too many images. */
  readonly neighbours?: string;
  readonly neighbourCount: number;
  /** `[class][predicted]`, images of the kNN score's test part. */
  readonly confusion: readonly (readonly number[])[];
  /** `[class]`, means. */
  readonly classSilhouettes: readonly (number | null)[];
}

export interface Known {
  readonly files: readonly string[];
  readonly columns: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface ClassData {
  readonly name: string;
  readonly short: string;
  readonly colour: string;
  readonly colourOnDark: string;
}

/** As `Thumbnails`, files relative to the report's folder. */
export interface ThumbnailData {
  readonly files: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly tile: number;
}

/** Where data scripts put what they bring: `simcneCells[address]`. */
export type LoadedCells = Record<string, CellData | undefined>;

/** Numbers that a data script has brought, in their places. */
export function unpack<T>(base64: string, type: { new (buffer: ArrayBuffer): T }): T {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new type(bytes.buffer);
}
