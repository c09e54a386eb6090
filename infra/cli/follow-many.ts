// How a sweep of more cells than anybody reads gets on: their counts, a line whenever they have changed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Cell } from '../../experiments/experiment.ts';

const lineMs = 10_000;

/** Writes to stderr until the signal aborts. A server that is away is asked again. */
export async function followMany(
  client: Client,
  cells: readonly Cell[],
  since: Date,
  signal: AbortSignal,
): Promise<void> {
  const [{ experiment }] = cells;
  const ofSweep = `WorkflowType = "cell" AND Experiment = "${experiment}" AND StartTime >= "${since.toISOString()}"`;
  const count = async (state: string) => (await client.workflow.count(`${ofSweep} AND ${state}`)).count;
  const text = async () => {
    const [running, closed, done] = await Promise.all([
      count('ExecutionStatus = "Running"'),
      count('ExecutionStatus != "Running"'),
      count('CellStatus = "done"'),
    ]);
    return `${experiment}: of ${cells.length} cells ${done} made, ${running} under way, ${closed - done} ended without a number`;
  };
  let told = '';
  while (!signal.aborted) {
    const line = await text().catch(() => told);
    if (line !== told) process.stderr.write(`${line}\n`);
    told = line;
    await sleep(lineMs, undefined, { signal }).catch(() => {});
  }
}
