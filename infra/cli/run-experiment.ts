// Runs cells as a workflow and follows them to their end: what `run`, `rerun` and `start` have in common.
import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { cpuQueue, shortQueue, trainQueue } from '../../workflows/queues.ts';
import { openTemporal, type Temporal } from '../temporal-server/embedded-server.ts';
import { openClient } from '../temporal-server/open-client.ts';
import { shareWorkers } from '../workers/worker-processes.ts';
import { explainEnd } from './ended-run.ts';
import { followCells } from './follow-cells.ts';
import { untilInterrupted } from './interrupt.ts';
import { globalOptions, say } from './output.ts';
import type { RunOutcome } from './run-outcome.ts';
import { untilServerLost } from './server-watch.ts';
import { commandOf, type RunRequest, startCells } from './start-cells.ts';

export interface FinishedRun extends RunOutcome {
  workflowId: string;
}

/** Starts server and workers where none are given, runs the cells, and leaves nothing running. */
export async function runExperiment(command: Command, request: RunRequest): Promise<FinishedRun> {
  const run: Run = { command, request, done: new AbortController(), goesOn: () => false };
  const interrupted = untilInterrupted(run.done.signal);
  interrupted.catch(() => {
    say(command, interruptedText(run)); // at once; then everything is given up in order
    run.done.abort();
  });
  try {
    return await withServer(run, (client, server) =>
      Promise.race([startAndFollow(client, server, run), interrupted]),
    );
  } finally {
    run.done.abort();
  }
}

interface Run {
  command: Command;
  request: RunRequest;
  /** Aborts when the command waits for nothing any more. */
  done: AbortController;
  /** Whether the cells go on without this command. */
  goesOn: () => boolean;
}

function interruptedText({ request, goesOn }: Run): string {
  const [state, wayOn] = goesOn()
    ? ['the run itself goes on', 'follows it again']
    : ['what was made is kept', 'goes on from there'];
  return `interrupted: ${state}; "${commandOf(request)}" ${wayOn}`;
}

async function withServer<T>(run: Run, work: (client: Client, server: Temporal) => Promise<T>): Promise<T> {
  const server = await openTemporal();
  try {
    const { client, close } = await openClient(server);
    try {
      return await withWorkers(run, client, server, () => work(client, server));
    } finally {
      run.done.abort();
      await close();
    }
  } finally {
    await server.close();
  }
}

async function withWorkers<T>(
  run: Run,
  client: Client,
  server: Temporal,
  work: () => Promise<T>,
): Promise<T> {
  if (!server.isEmbedded) {
    await requirePollers(run.command, client, server);
    run.goesOn = () => true;
    return work();
  }
  const workers = await shareWorkers(server);
  run.goesOn = () => !workers.areOwn();
  try {
    return await Promise.race([work(), workers.lost]);
  } finally {
    await workers.close();
  }
}

/** Workers that this command has started serve all runs of the home: those too that were interrupted, whatever asks for workers next. */
async function sayWhatElseGoesOn(client: Client, workflowId: string, command: Command): Promise<void> {
  const query = 'WorkflowType = "experiment" AND ExecutionStatus = "Running"';
  for await (const other of client.workflow.list({ query })) {
    if (other.workflowId === workflowId) continue;
    say(
      command,
      `experiment ${other.workflowId}, begun earlier, goes on too; cancel it in the Temporal UI if it should not`,
    );
  }
}

/** A cluster has workers of its own: says so if none listens. */
async function requirePollers(command: Command, client: Client, server: Temporal): Promise<void> {
  for (const [name, queue] of [
    ['cpu', cpuQueue],
    ['cpu', shortQueue],
    ['train', trainQueue],
  ]) {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: server.namespace,
      taskQueue: { name: queue },
      taskQueueType: 2, // activities
    });
    if (!pollers?.length) {
      say(
        command,
        `no worker listens on ${queue} at ${server.address}: start "simcne worker --queue ${name}" somewhere`,
      );
    }
  }
}

async function startAndFollow(client: Client, server: Temporal, run: Run): Promise<FinishedRun> {
  const { command, request, done } = run;
  const started = await startCells(client, request, line => say(command, line));
  const { workflowId } = started;
  if (server.uiUrl) say(command, `Temporal UI: ${server.uiUrl}`);
  if (server.isEmbedded && !run.goesOn()) await sayWhatElseGoesOn(client, workflowId, command);
  const followed = { ...request, isForced: request.force !== undefined };
  const display = followCells(client, workflowId, followed, {
    signal: done.signal,
    quiet: globalOptions(command).quiet,
  });
  display.catch(() => {}); // thrown below, where it is awaited
  try {
    const outcome = await Promise.race([
      started.result().catch(async error => {
        const wayOut = commandOf(request);
        throw await explainEnd(error, client, { workflowId, cells: request.cells, wayOut });
      }),
      untilServerLost(client, server, {
        wayOut: `"${commandOf(request)}" goes on from there`,
        say: line => say(command, line),
        done: done.signal,
      }),
    ]);
    return { ...outcome, workflowId };
  } finally {
    done.abort();
    await display;
  }
}
