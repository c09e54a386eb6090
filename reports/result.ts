// What a report is made from: an experiment's cells with their scores, embeddings and origins.
import type { Method } from '../experiments/names.ts';
import type { NdArray } from '../numeric/arrays/array.ts';
import type { Known } from './explorer/cell-data.ts';
import type { DatasetRow } from './table/dataset-table.ts';

export type CellStatus = 'done' | 'failed' | 'unavailable' | 'missing';

/** One step behind a cell: its recipe's digest (`key`), what it made (`digest`) and how long that took. */
export interface StepResult {
  readonly step: string;
  readonly key: string;
  readonly digest?: string;
  readonly seconds: number;
  /** It was in the store already when the cell asked for it. */
  readonly reused?: boolean;
  readonly settings?: unknown;
  /** Logs of the attempts at it on this machine, by path. */
  readonly logs?: readonly string[];
}

/** One attempt at a step. */
export interface AttemptResult {
  readonly key: string;
  readonly step: string;
  /** Who asked for it: the experiment, and the cell's address. */
  readonly experiment: string;
  readonly cell: string;
  /** From 1, in each run. */
  readonly attempt: number;
  readonly machine: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Until it ended, or was last known to live. */
  readonly seconds: number;
  /** `discarded`: another made the same first; `interrupted`: it may be gone on from; `failed`: it would end the same again. */
  readonly outcome: 'running' | 'made' | 'discarded' | 'cancelled' | 'interrupted' | 'failed';
  /** Name of the error that ended it. */
  readonly error?: string;
  /** The checkpoint it went on from; null where there was none; nothing where it never came so far. */
  readonly wentOnFrom?: string | null;
  /** The last ones that it wrote, and when: seconds after its start. */
  readonly checkpoints: readonly { readonly name: string; readonly seconds: number }[];
  /** Its log file, on the machine that it ran on; whether that is this one, and the file is there. */
  readonly log: string;
  readonly hasLog?: boolean;
}

/** How often a step's artifact was found in the store, and the seconds that making it had taken, in all. */
export interface StepHits {
  readonly step: string;
  readonly hits: number;
  readonly seconds: number;
}

/** How a network learned: one loss and one learning rate an epoch, over all stages in turn. */
export interface TrainingResult {
  readonly losses: readonly number[];
  readonly learningRates: readonly number[];
  readonly stages: readonly { readonly name: string; readonly epochs: number }[];
  readonly samplesPerSecond?: number;
}

/** One dataset × method × augmentation set × seed: one number of the table, with all that is known of its origin. */
export interface CellResult {
  /** `dataset/method/augmentation/seed-N`; parts that a method has none of are left out. */
  readonly address: string;
  readonly dataset: string;
  readonly method: Method;
  readonly augmentation?: string;
  /** Which point of a grid it is, where its experiment spans one: `batchSize-256/width-16`. */
  readonly variant?: string;
  readonly seed: number | undefined;
  readonly status: CellStatus;
  /** Whether it is made exactly as in the paper, so that its scores may be held against the printed ones. */
  readonly asInPaper: boolean;
  /** Why there is no number, where there is none. */
  readonly reason?: string;
  /** The step that failed, the name of its error, and the last lines of its log. */
  readonly failure?: {
    readonly step: string;
    readonly name: string;
    readonly lines: readonly string[];
    readonly log: string;
  };
  /** kNN accuracy of the embedding as a fraction, 0 … 1. */
  readonly knn?: number;
  /** Mean silhouette of the embedding, −1 … 1. */
  readonly silhouette?: number;
  readonly seconds?: number;
  /** Everything was in the store already. */
  readonly reused?: boolean;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly workflowUrl?: string;
  readonly backend?: string;
  readonly machine?: string;
  /** Of the code that made the embedding. */
  readonly codeVersion?: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
  readonly steps: readonly StepResult[];
  /** What earlier runs of the cell found in the store. */
  readonly earlierHits?: readonly StepHits[];
  /** `[n, 2]`. */
  readonly embedding?: NdArray<Float32Array>;
  /** `[n]`, indices into the dataset's classes. */
  readonly labels?: NdArray<Int32Array>;
  /** Reads what the embedding was made from, `[n, d]`: features of a network, or pixels. Large, so not read before it is used. */
  readonly readFeatures?: () => Promise<NdArray<Float32Array | Uint8Array>>;
  readonly training?: TrainingResult;
  /** What is worth saying about the network (width, weights, …), shown as it is. */
  readonly network?: unknown;
}

/** One class of a dataset: `colour` as `#rrggbb`, `count` among the images used. */
export interface ClassResult {
  readonly name: string;
  readonly short: string;
  readonly colour: string;
  readonly count: number;
}

/** The images that an experiment used of a dataset: `n` of the `nPaper` that the paper used. */
export interface DatasetResult {
  readonly title: string;
  readonly n: number;
  readonly nPaper?: number;
  /** Where the images are the user's own: how many there are in all, and the file or folder that they came from. */
  readonly own?: {
    readonly n: number;
    readonly source: string;
    /** The column whose groups the kNN score's split keeps whole; images tested that have a copy among those learned from. */
    readonly group?: string;
    readonly testedCopies?: number;
  };
  /** `[n]`: the groups, where there are any. */
  readonly groups?: Int32Array;
  /** Images without a class are of one more, the last: `noClass` is its place. */
  readonly classes: readonly ClassResult[];
  readonly noClass?: number;
  /** What is known of the user's own images, `[n]` each: where they come from, and columns of words. */
  readonly known?: Known;
  /** Of which images these are a part: the dataset's name, with the content's digest where they are the user's own. */
  readonly whole?: string;
  /** `[n]`: the place of each image in the whole. */
  readonly sourceIndices?: Int32Array;
  readonly thumbnails?: Thumbnails;
  readonly exampleViews?: ExampleViews;
}

/** All images, small: sheets of `rows` × `columns` square tiles of `tile` pixels, filled row by row, sheet after sheet. */
export interface Thumbnails {
  /** Pictures, by absolute path. */
  readonly files: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly tile: number;
}

/** One image and what the augmentations make of it, as training does it: `[size, size, 3]` each. */
export interface ExampleViews {
  /** Its place among the images used. */
  readonly image: number;
  readonly original: NdArray<Uint8Array>;
  /** Two random views of it, by the augmentation set `rot90`. */
  readonly views: readonly NdArray<Uint8Array>[];
  /** Each augmentation by itself: those of the set `default`, then those that the paper adds. */
  readonly steps: readonly {
    readonly name: string;
    readonly isAdded: boolean;
    readonly view: NdArray<Uint8Array>;
  }[];
}

/** A setting that differs from the paper's. */
export interface ScaledSetting {
  readonly setting: string;
  readonly here: string;
  readonly paper: string;
}

/** All cells of an experiment, made or not. `datasets` lacks those of which nothing has been prepared yet. */
export interface ExperimentResult {
  readonly experiment: string;
  readonly title: string;
  /** `paper`, `scaled` or `smoke`. */
  readonly profile: string;
  readonly scaledSettings: readonly ScaledSetting[];
  /** ISO 8601. */
  readonly madeAt: string;
  readonly codeVersion: string;
  readonly cells: readonly CellResult[];
  readonly datasets: Readonly<Partial<Record<string, DatasetResult>>>;
  /** Its own, and those of other experiments at the same artifacts, in the order in which they began. */
  readonly attempts: readonly AttemptResult[];
  /** The paper's Table 1, for these data sets. */
  readonly table1: readonly DatasetRow[];
}
