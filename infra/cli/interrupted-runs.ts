// Runs of an embedded server that were interrupted. A run lives as long as the command that started it: nothing goes on by itself when
// workers start again. What it made is in the store, and its memo has the command that goes on with it.
import path from 'node:path';
import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import type { CellList, CellRequest } from '../../activities/reference.ts';
import { listedCells } from '../../activities/sweep-cells.ts';
import { readCellRecord } from '../../artifacts/cell-record.ts';
import { isLocked } from '../../artifacts/lock.ts';
import { home, storeFolder } from '../home.ts';
import { openHomeStore } from '../open-home-store.ts';

/** What is remembered of a run beside its workflow. */
export interface RunMemo {
  list: CellList;
  force?: CellRequest['force'];
  /** The command that goes on with it, as people type it. */
  command: string;
  /** Under which name the command that it ends with holds its lock; of a cluster's runs none. */
  owner?: string;
}

/** Of a run that began under an earlier version, which lists its cells itself, or that others started, not all is known. */
export type KnownMemo = Partial<RunMemo> & { addresses?: string[] };

/** The lock that a command holds as long as it lives. */
export const commandLock = (owner: string): string => path.join(home(), 'temporal-server', 'commands', owner);

export const memoOf = ({ memo }: Pick<WorkflowExecutionInfo, 'memo'>): KnownMemo => memo ?? {};

/** Ends a run and what it started. (Its checkpoints are written when workers stop, or see that they work for nobody.) */
export async function endRun(client: Client, workflowId: string, runId?: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    const { raw } = await handle.describe();
    await handle.terminate('interrupted: the command that started it has ended; what was made is kept');
    for (const child of raw.pendingChildren ?? []) await endRun(client, child.workflowId!, child.runId!);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error; // it has ended by itself
  }
}

/** Ends the runs whose commands were killed; where no workers run, also those that name no command, as earlier versions' do. */
export async function endLeftRuns(client: Client, { noWorkers = false } = {}): Promise<void> {
  for await (const run of client.workflow.list({ query: `${isRun} AND ExecutionStatus = "Running"` })) {
    const { owner } = memoOf(run);
    if (owner ? !(await isAlive(owner)) : noWorkers) await endRun(client, run.workflowId, run.runId);
  }
}

/** A run that was ended before all of its cells were made, and that no later one covers. */
export interface InterruptedRun {
  experiment: string;
  cells: number;
  /** How many of them are still to be made. */
  left: number;
  command: string;
}

const rememberedMs = 30 * 24 * 3600_000; // whoever has not gone on with it since will not

/** The interrupted runs of a month, the latest first; `taken` are the cells, as `<experiment>/<address>`, that are being made now. */
export async function interruptedRuns(client: Client, taken: readonly string[]): Promise<InterruptedRun[]> {
  const covered = new Set(taken);
  const found: InterruptedRun[] = [];
  const since = new Date(Date.now() - rememberedMs).toISOString();
  for (const run of await runsLatestFirst(client, `StartTime > "${since}"`)) {
    const { command } = memoOf(run);
    const addresses = await addressesOf(run);
    const [experiment] = run.workflowId.split('/');
    const open = addresses.filter(address => !covered.has(`${experiment}/${address}`));
    for (const address of open) covered.add(`${experiment}/${address}`);
    if (!command || !(await isInterrupted(run))) continue;
    const made = await Promise.all(open.map(address => isMade(experiment, address, run)));
    const left = made.filter(one => !one).length;
    if (left > 0) found.push({ experiment, cells: addresses.length, left, command });
  }
  return found;
}

/**
 * Since when an interrupted run has forced a step of these cells, if the latest one that had any of them was such a run: what it made
 * again is not made again once more. Undefined otherwise.
 */
export async function forcedSince(
  client: Client,
  experiment: string,
  addresses: readonly string[],
  step: string,
): Promise<string | undefined> {
  const runs = await runsLatestFirst(client, `Experiment = "${experiment}"`);
  for (const run of runs) {
    const theirs = new Set(await addressesOf(run));
    if (!addresses.some(address => theirs.has(address))) continue;
    const { force } = memoOf(run);
    const now = await client.workflow.getHandle(run.workflowId, run.runId).describe(); // lists are a moment late
    const isSame = force?.step === step && addresses.every(address => theirs.has(address));
    return isSame && (await isInterrupted(now)) ? force?.since : undefined;
  }
  return undefined;
}

/** Of a run's cells; none where they are not known any more. */
export async function addressesOf(run: Pick<WorkflowExecutionInfo, 'memo'>): Promise<string[]> {
  const { list, addresses = [] } = memoOf(run);
  if (!list) return addresses;
  const cells = await listedCells(await openHomeStore(), list).catch(() => []);
  return cells.map(({ address }) => address);
}

const isRun = 'WorkflowType = "experiment"';

async function runsLatestFirst(client: Client, condition: string): Promise<WorkflowExecutionInfo[]> {
  const runs: WorkflowExecutionInfo[] = [];
  const query = `${isRun} AND ${condition}`;
  for await (const run of client.workflow.list({ query, pageSize: 1000 })) runs.push(run);
  return runs.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}

/** Ended from outside, or about to be shown as such: lists are a moment late. */
async function isInterrupted(run: Pick<WorkflowExecutionInfo, 'status' | 'memo'>): Promise<boolean> {
  const { owner } = memoOf(run);
  const { name } = run.status;
  return name === 'TERMINATED' || (name === 'RUNNING' && owner !== undefined && !(await isAlive(owner)));
}

function isAlive(owner: string): Promise<boolean> {
  return isLocked(commandLock(String(owner))); // an earlier version noted more than a name
}

/** Whether a cell was made by the run, or needed not be. */
async function isMade(experiment: string, address: string, run: WorkflowExecutionInfo): Promise<boolean> {
  const { force } = memoOf(run);
  const record = await readCellRecord(storeFolder(), experiment, address);
  if (!record) return false;
  return (
    (!force && record.status === 'done') || record.finishedAt > (force?.since ?? run.startTime.toISOString())
  );
}
