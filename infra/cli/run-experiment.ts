// Runs cells as a workflow and follows them to their end: what `run`, `rerun` and `start` have in common.
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Command } from 'commander';
import type { Cell } from '../../experiments/experiment.ts';
import type { StepName } from '../../experiments/steps.ts';
import type { ExperimentOutcome, experiment as experimentWorkflow } from '../../workflows/experiment.ts';
import { cpuQueue, trainQueue } from '../../workflows/queues.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { openTemporal, type Temporal } from '../temporal-server/embedded-server.ts';
import { openClient } from '../temporal-server/open-client.ts';
import { shareWorkers } from '../workers/worker-processes.ts';
import { followCells } from './follow-cells.ts';
import { untilInterrupted } from './interrupt.ts';
import { globalOptions, say } from './output.ts';
import { untilServerLost } from './server-watch.ts';
import { UsageError } from './usage-error.ts';

export interface RunRequest {
  experiment: string;
  cells: Cell[];
  force?: StepName;
}

/** Starts server and workers where none are given, runs the cells, and leaves nothing running. */
export async function runExperiment(command: Command, request: RunRequest): Promise<ExperimentOutcome> {
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

function interruptedText({ request: { experiment }, goesOn }: Run): string {
  const [state, wayOn] = goesOn()
    ? ['the run itself goes on', 'follows it again']
    : ['what was made is kept', 'goes on from there'];
  return `interrupted: ${state}; "simcne run ${experiment}" ${wayOn}`;
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

/** A cluster has workers of its own: says so if none listens. */
async function requirePollers(command: Command, client: Client, server: Temporal): Promise<void> {
  for (const [name, queue] of [
    ['cpu', cpuQueue],
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

async function startOrAttach(
  client: Client,
  { experiment, cells, force }: RunRequest,
  command: Command,
): Promise<WorkflowHandle<typeof experimentWorkflow>> {
  const addresses = cells.map(cell => cell.address);
  try {
    return await client.workflow.start<typeof experimentWorkflow>('experiment', {
      workflowId: experiment,
      taskQueue: cpuQueue,
      args: [{ experiment, cells, force: force && { step: force, since: new Date().toISOString() } }],
      memo: { addresses },
      typedSearchAttributes: [{ key: attributes.experiment, value: experiment }],
      staticSummary: `Experiment ${experiment}: ${cells.length === 1 ? cells[0].address : `${cells.length} cells`}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const running = client.workflow.getHandle<typeof experimentWorkflow>(experiment);
    const { memo } = await running.describe();
    const theirs = (memo?.addresses ?? []) as string[];
    if (force || addresses.some(address => !theirs.includes(address))) {
      throw new UsageError(
        `experiment ${experiment} is running with other cells (${theirs.length}); wait for its end ("simcne status ${experiment}"), or cancel it in the Temporal UI`,
      );
    }
    say(command, `experiment ${experiment} is running already: following it`);
    return running;
  }
}

async function startAndFollow(client: Client, server: Temporal, run: Run): Promise<ExperimentOutcome> {
  const { command, request, done } = run;
  const handle = await startOrAttach(client, request, command);
  if (server.uiUrl) say(command, `Temporal UI: ${server.uiUrl}`);
  const display = followCells(client, request.experiment, request.cells, {
    signal: done.signal,
    quiet: globalOptions(command).quiet,
  });
  display.catch(() => {}); // thrown below, where it is awaited
  try {
    return await Promise.race([
      handle.result(),
      untilServerLost(client, server, {
        wayOut: `"simcne run ${request.experiment}" goes on from there`,
        say: line => say(command, line),
        done: done.signal,
      }),
    ]);
  } finally {
    done.abort();
    await display;
  }
}
