// What `simcne serve` tells the pages of an experiment while somebody looks at them.

/** An experiment as it stands now: by Temporal of what runs, by the store of all else. */
export interface LiveState {
  readonly experiment: string;
  /** ISO 8601, when it was looked at. */
  readonly at: string;
  /** False while the Temporal server does not answer: then nothing is known of what runs. */
  readonly answers: boolean;
  /** Address of the namespace's pages in the Temporal UI, if it is known. */
  readonly temporalUi?: string;
  /** Of all that runs or waits; undefined where that cannot be said. */
  readonly secondsLeft?: number;
  /** When the pages were rendered (ISO 8601); empty before the first time. */
  readonly renderedAt: string;
  readonly cells: readonly LiveCell[];
}

export type LiveStatus =
  | 'running'
  | 'queued'
  | 'waiting'
  | 'cancelled'
  | 'done'
  | 'failed'
  | 'unavailable'
  | 'missing';

/** One cell; `step` and what follows it are there while it runs. */
export interface LiveCell {
  readonly address: string;
  readonly status: LiveStatus;
  /** Names of all its steps, in order. */
  readonly steps: readonly string[];
  readonly step?: string;
  /** 0 … 1, of the step. */
  readonly fraction?: number;
  readonly text?: string;
  readonly secondsLeft?: number;
  /** From 2 on, with the error of the attempt before. */
  readonly attempt?: number;
  /** By its name: of the last failed attempt, or why the cell has no number. */
  readonly error?: string;
  /** Of the step's attempt, from the address of the reports. */
  readonly log?: string;
  readonly training?: LiveTraining;
  /** Fractions, as the store has them. */
  readonly knn?: number;
  readonly silhouette?: number;
  readonly finishedAt?: string;
}

/** Losses and learning rates of the epochs so far. */
export interface LiveTraining {
  readonly losses: readonly number[];
  readonly learningRates: readonly number[];
  readonly stages: readonly { readonly name: string; readonly epochs: number }[];
}

/** Whether it runs or waits for its turn. */
export function isOpen({ status }: { readonly status: string }): boolean {
  return status === 'running' || status === 'queued' || status === 'waiting';
}
