// What the code behind a step is given, and what it gives back.
import path from 'node:path';
import type { Made } from '../artifacts/store.ts';
import type { StepName, StepOf } from '../experiments/steps.ts';
import type { NdArray } from '../numeric/arrays/array.ts';
import { type NpyFile, npyFile, readNpy } from '../numeric/arrays/npy-file.ts';
import type { CheckpointEvent, CheckpointInterval } from './checkpoints.ts';

/** How far a step is: shown by `status`, the progress bars and the Temporal UI. */
export interface StepProgress {
  /** Done share, 0 … 1, where it is known. */
  fraction?: number;
  /** What is being done now, in a few words. */
  text: string;
  secondsLeft?: number;
  /** For logs and metrics: `epoch`, `loss`, `samplesPerSecond`, … */
  numbers?: Record<string, number>;
}

/** An artifact that a step reads. */
export interface StepInput {
  step: StepName;
  folder: string;
}

export interface StepJob<Name extends StepName = StepName> {
  settings: StepOf<Name>['settings'];
  inputs: Record<keyof StepOf<Name>['inputs'], StepInput>;
  /** Empty; what is written here becomes the artifact. */
  folder: string;
  /** Where checkpoints of this recipe are kept, over all attempts. */
  checkpointFolder: string;
  /** The store's own folder, for what is kept there beside artifacts. */
  store: string;
  /** Folders where files of a data set may lie, downloaded before; they are verified as if they came from elsewhere. */
  downloads: readonly string[];
  /** Checkpoints written before this ISO time are not gone on from (`--force`). */
  checkpointsAfter: string;
  /** How often they are written; the step's own choice where it is left out. */
  checkpointInterval?: CheckpointInterval;
  /** Worker threads that the step may use besides its own. */
  threads: number;
  signal: AbortSignal;
  onProgress: (progress: StepProgress) => void;
  onCheckpoint: (event: CheckpointEvent) => void;
}

export type StepWork<Name extends StepName> = (job: StepJob<Name>) => Promise<Omit<Made, 'peakMemoryBytes'>>;

/** The array that later steps read from an artifact: its main file. */
const mainArray: Partial<Record<StepName, string>> = {
  prepare: 'images.npy',
  embed: 'embedding.npy',
  features: 'features.npy',
  tsne: 'embedding.npy',
};

/** Reads the main array of an input, or the file named. */
export async function readArray(input: StepInput, file?: string): Promise<NdArray> {
  return readNpy(arrayPath(input, file));
}

/** The main array of an input, or the file named, to be read row by row: it may be larger than memory. */
export function arrayFile(input: StepInput, file?: string): NpyFile {
  return npyFile(arrayPath(input, file));
}

/** The images `[n, height, width, 3]` of a prepared data set. */
export function imageFile(input: StepInput): NpyFile<Uint8Array> {
  return arrayFile(input) as NpyFile<Uint8Array>;
}

function arrayPath({ step, folder }: StepInput, file = mainArray[step]): string {
  if (!file) throw new Error(`step ${step} leaves no array to read`);
  return path.join(folder, file);
}

/** Backend of steps that are this project's own code. */
export const typescriptBackend = `typescript, node ${process.versions.node}`;
