// Starts the workflow that makes cells, or finds the one that makes them already.
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import type { MachineRate } from '../../activities/forecast.ts';
import type { CellList, CellOutcome } from '../../activities/reference.ts';
import { keepCellList, listedCells } from '../../activities/sweep-cells.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { StepName } from '../../experiments/steps.ts';
import type { experiment as experimentWorkflow } from '../../workflows/experiment.ts';
import { cpuQueue } from '../../workflows/queues.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { openHomeStore } from '../open-home-store.ts';
import { type RunOutcome, runOutcome } from './run-outcome.ts';
import { UsageError } from './usage-error.ts';

export interface RunRequest {
  experiment: string;
  cells: Cell[];
  force?: StepName;
  /** One cell that somebody wants now (`rerun`): it goes before a sweep, and beside one of its own experiment. */
  isAlone?: boolean;
  /** How fast a trial found this machine, for the time left. */
  rate?: MachineRate;
}

export interface StartedRun {
  workflowId: string;
  result(): Promise<RunOutcome>;
}

/**
 * Starts the cells, or attaches to the run that makes them.
 * @throws UsageError where the experiment is running with other cells, or what is to be forced is being made
 */
export async function startCells(
  client: Client,
  request: RunRequest,
  say: (line: string) => void,
): Promise<StartedRun> {
  const { experiment, cells, force, isAlone } = request;
  try {
    return await start(client, experiment, request);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  if (isAlone) return startBeside(client, request, say);
  const running = client.workflow.getHandle<typeof experimentWorkflow>(experiment);
  const theirs = await addressesOf((await running.describe()).memo ?? {});
  if (force || cells.some(({ address }) => !theirs.includes(address))) {
    throw new UsageError(
      `experiment ${experiment} is running with other cells (${theirs.length}); wait for its end ("simcne status ${experiment}"), or cancel it in the Temporal UI`,
    );
  }
  say(`experiment ${experiment} is running already: following it`);
  return startedRun(running);
}

function startedRun(handle: WorkflowHandle<typeof experimentWorkflow>): StartedRun {
  return { workflowId: handle.workflowId, result: async () => runOutcome(await handle.result()) };
}

/** Of the cells of a run, as its memo tells (that of one that began under an earlier version lists them). */
async function addressesOf({ list, addresses = [] }: Record<string, unknown>): Promise<string[]> {
  if (!list) return addresses as string[];
  const cells = await listedCells(await openHomeStore(), list as CellList);
  return cells.map(({ address }) => address);
}

/** The command that goes on with a run, as people type it. */
export function commandOf({ experiment, cells, isAlone }: RunRequest): string {
  return isAlone ? `simcne rerun ${experiment}/${cells[0].address}` : `simcne run ${experiment}`;
}

async function start(client: Client, workflowId: string, request: RunRequest): Promise<StartedRun> {
  const { experiment, cells, force, isAlone } = request;
  const list = await keepCellList(await openHomeStore(), cells);
  const since = new Date().toISOString();
  const handle = await client.workflow.start<typeof experimentWorkflow>('experiment', {
    workflowId,
    taskQueue: cpuQueue,
    args: [{ experiment, list, force: force && { step: force, since }, isUrgent: isAlone }],
    memo: { list },
    typedSearchAttributes: [{ key: attributes.experiment, value: experiment }],
    staticSummary: `Experiment ${experiment}: ${cells.length === 1 ? cells[0].address : `${cells.length} cells`}`,
  });
  return startedRun(handle);
}

/** A cell beside a run of its experiment: made again if that run is done with it, followed if it is not. */
async function startBeside(
  client: Client,
  request: RunRequest,
  say: (line: string) => void,
): Promise<StartedRun> {
  const place = `${request.experiment}/${request.cells[0].address}`;
  const cell = client.workflow.getHandle(place);
  if (!(await isRunning(client, place))) {
    say(`experiment ${request.experiment} is running: ${place} is made beside it`);
    return start(client, `${place}/rerun`, request);
  }
  if (request.force) {
    throw new UsageError(
      `${place} is being made now; wait for its end ("simcne status ${request.experiment}"), or cancel it in the Temporal UI`,
    );
  }
  say(`${place} is being made already: following it`);
  const result = async () => {
    const outcome = (await cell.result()) as CellOutcome;
    return { cells: [outcome], report: outcome.report ?? '', table: '' };
  };
  return { workflowId: place, result };
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
