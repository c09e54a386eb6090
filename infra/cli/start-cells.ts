// Starts the workflow that makes cells, or finds the one that makes just these already.
import { type Client, WorkflowFailedError } from '@temporalio/client';
import {
  TerminatedFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { definitionNamed } from '../../activities/definitions.ts';
import type { MachineRate } from '../../activities/forecast.ts';
import type { CellList } from '../../activities/reference.ts';
import { keepCellList } from '../../activities/sweep-cells.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { StepName } from '../../experiments/steps.ts';
import type { experiment as experimentWorkflow } from '../../workflows/experiment.ts';
import { cpuQueue } from '../../workflows/queues.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { storeFolder } from '../home.ts';
import { openHomeStore } from '../open-home-store.ts';
import { forcedSince, type KnownMemo, memoOf, type RunMemo } from './interrupted-runs.ts';
import { type RunOutcome, runOutcome } from './run-outcome.ts';
import { UsageError } from './usage-error.ts';

export interface RunRequest {
  experiment: string;
  cells: Cell[];
  force?: StepName;
  /** The command that goes on with it, as people type it. */
  command: string;
  /** One cell that somebody wants now (`rerun`): it goes before a sweep. */
  isAlone?: boolean;
  /** How fast a trial found this machine, for the time left. */
  rate?: MachineRate;
}

export interface StartedRun {
  workflowId: string;
  /** Started here, so that it ends with this command; else it is another's, and followed. */
  isOwn: boolean;
  result(): Promise<RunOutcome>;
}

/** How the runs of a command are started. */
export interface StartOptions {
  /** The name of this command's lock, with which they end; undefined where they outlive it, on a cluster. */
  owner?: string;
  say: (line: string) => void;
}

/**
 * Starts the cells, beside other runs of their experiment (a cell that another makes is waited for there), or attaches to the
 * run that makes the same.
 * @throws UsageError where what is to be forced is being made
 */
export async function startCells(
  client: Client,
  request: RunRequest,
  { owner, say }: StartOptions,
): Promise<StartedRun> {
  const list = await keepCellList(await openHomeStore(), request.cells);
  const { experiment, cells, isAlone, force } = request;
  const place = isAlone ? `${experiment}/${cells[0].address}` : experiment;
  for (let number = 1; ; number++) {
    const workflowId = runIdAt(place, number);
    const handle = client.workflow.getHandle<typeof experimentWorkflow>(workflowId);
    const memo = await runningMemo(client, workflowId);
    const result = async () => runOutcome(await handle.result());
    if (memo && isSame(memo, list, request)) {
      say(`${workflowId} is running already: following it`);
      return { workflowId, isOwn: false, result };
    }
    if (memo) continue;
    if (number > 1) say(`${runIdAt(place, 1)} is running: this is made beside it`);
    if (number > 1 || isAlone || force) await sayWhatIsBusy(client, request, say);
    if (await start(client, workflowId, request, { list, owner })) return { workflowId, isOwn: true, result };
    number -= 1; // another began in the same moment: perhaps the same
  }
}

/** Whether a run ended because whoever had started it was interrupted, or it was terminated in the Temporal UI. */
export function wasEnded(error: unknown): boolean {
  return error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure;
}

/** Of the runs at a place (`<experiment>`, or of one cell `<experiment>/<address>`), which may be beside each other; the first has no number. */
export function runIdAt(place: string, number: number): string {
  const isSweep = !place.includes('/');
  if (number === 1) return isSweep ? place : `${place}/rerun`;
  return isSweep ? `${place}/run-${number}` : `${place}/rerun-${number}`;
}

/** What a run's memo says, if it runs. */
async function runningMemo(client: Client, workflowId: string): Promise<KnownMemo | undefined> {
  try {
    const described = await client.workflow.getHandle(workflowId).describe();
    return described.status.name === 'RUNNING' ? memoOf(described) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function isSame({ list, force }: KnownMemo, { digest }: CellList, { force: step }: RunRequest): boolean {
  return list?.digest === digest && (step === undefined || step === force?.step);
}

/** What another run makes now is waited for; it cannot be begun again. */
async function sayWhatIsBusy(
  client: Client,
  { experiment, cells, force }: RunRequest,
  say: StartOptions['say'],
): Promise<void> {
  for (const { address } of cells) {
    const place = `${experiment}/${address}`;
    if (!(await runningMemo(client, place))) continue;
    if (!force) say(`${place} is being made already: following it`);
    else {
      throw new UsageError(
        `${place} is being made now; wait for its end ("simcne status ${experiment}"), or end it: "simcne cancel ${place}"`,
      );
    }
  }
}

/** False where a run of that id began in the same moment. */
async function start(
  client: Client,
  workflowId: string,
  { experiment, cells, force: step, isAlone, command }: RunRequest,
  { list, owner }: { list: CellList; owner?: string },
): Promise<boolean> {
  const addresses = cells.map(({ address }) => address);
  const now = new Date().toISOString();
  const force = step && { step, since: (await forcedSince(client, experiment, addresses, step)) ?? now };
  const definition = definitionNamed(storeFolder(), experiment);
  const memo: RunMemo = { list, force, command, owner };
  try {
    await client.workflow.start<typeof experimentWorkflow>('experiment', {
      workflowId,
      taskQueue: cpuQueue,
      args: [{ experiment, list, force, isUrgent: isAlone, definition }],
      memo: { ...memo },
      typedSearchAttributes: [{ key: attributes.experiment, value: experiment }],
      staticSummary: `Experiment ${experiment}: ${cells.length === 1 ? cells[0].address : `${cells.length} cells`}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
