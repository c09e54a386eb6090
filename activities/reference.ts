// What travels through Temporal: references to artifacts and a few numbers, never arrays.
import type { Cell } from '../experiments/experiment.ts';
import type { Step, StepName } from '../experiments/steps.ts';
import type { StepProgress } from './step-work.ts';

/** An artifact, as later steps name it. */
export interface Reference {
  step: StepName;
  key: string;
  digest: string;
}

/** What a step activity is asked to do. */
export interface StepRequest {
  step: Step;
  /** Role → the artifact that is read under it. */
  inputs: Record<string, Reference>;
  /** Artifacts that began before this ISO time are made again (`--force`). */
  madeAfter?: string;
}

/** What a step activity answers. */
export interface StepOutcome extends Reference {
  reused: boolean;
  seconds: number;
  summary: Record<string, unknown>;
  /** The log file of the attempt that made it, where it was made now. */
  log?: string;
}

/** What an attempt says while it goes on: how far it is, and the key of what it makes. */
export interface StepBeat extends StepProgress {
  key: string;
  /** The attempt's log file, on its machine. */
  log: string;
}

/** How a failed attempt ended, in its own words. */
export interface LastWords {
  /** The attempt's log file. */
  log: string;
  lines: string[];
}

/** Why a cell has no number. */
export interface CellFailure extends LastWords {
  step: StepName | 'recordCell';
  /** The error's name, as `NonFiniteLoss`. */
  name: string;
}

/** What the store keeps of a cell; one that was cancelled or terminated stands there as before. */
export type RecordedStatus = 'done' | 'failed' | 'unavailable';
export type CellStatus = RecordedStatus | 'cancelled' | 'terminated';

/** What became of a cell. */
export interface CellOutcome<Status = CellStatus> {
  address: string;
  status: Status;
  reason?: string;
  failure?: CellFailure;
  /** Share of the test part, 0 … 1. */
  knn?: number;
  silhouette?: number;
  /** Of all steps, as they took when they were made. */
  seconds: number;
  /** Every step was in the store. */
  reused: boolean;
  steps: StepOutcome[];
  /** Where the report shows it: a path with a fragment. */
  report?: string;
}

/** What a cell workflow is started with. */
export interface CellRequest {
  cell: Cell;
  /** Do this step and those after it again. */
  force?: { step: StepName; since: string };
  /** Somebody waits for this cell alone: its steps go before those of a sweep. */
  isUrgent?: boolean;
  /** Steps that its sweep has made for several cells. */
  given?: StepOutcome[];
  /** How it ended before it began: a step that its sweep makes for several cells failed. */
  failed?: CellOutcome<RecordedStatus>;
}

/** The cells of a sweep, as the store keeps them: a message of Temporal's holds no list of thousands. */
export interface CellList {
  digest: string;
  /** How many. */
  cells: number;
  /** How many lie on a page, of which there are as many as it takes. */
  pageSize: number;
}

/** One page of a sweep's cells. */
export interface CellPage {
  list: CellList;
  page: number;
  /** Id of the sweep's (first) run, under which the outcomes are kept. */
  run: string;
}
