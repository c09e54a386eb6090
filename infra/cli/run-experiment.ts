// Runs cells as a workflow and follows them to their end: what `run`, `rerun` and `start` have in common.
import { randomUUID } from 'node:crypto';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Command } from 'commander';
import { withLock } from '../../artifacts/lock.ts';
import { cpuQueue, shortQueue, trainQueue } from '../../workflows/queues.ts';
import { openTemporal, type Temporal } from '../temporal-server/embedded-server.ts';
import { openClient } from '../temporal-server/open-client.ts';
import { tellDetacher } from './detach.ts';
import { explainEnd } from './ended-run.ts';
import { followCells } from './follow-cells.ts';
import { untilInterrupted } from './interrupt.ts';
import { commandLock, endLeftRuns, endRun, interruptedRuns } from './interrupted-runs.ts';
import { globalOptions, say } from './output.ts';
import type { RunOutcome } from './run-outcome.ts';
import { ServerLost, untilServerLost } from './server-watch.ts';
import { type RunRequest, type StartedRun, startCells, wasEnded } from './start-cells.ts';

export interface FinishedRun extends RunOutcome {
  workflowId: string;
}

/** Starts server and workers where none are given, runs the cells, and leaves nothing running. */
export async function runExperiment(command: Command, request: RunRequest): Promise<FinishedRun> {
  const run: Run = {
    command,
    request,
    done: new AbortController(),
    goesOn: () => false,
    isInterrupted: false,
  };
  const interrupted = untilInterrupted(run.done.signal);
  interrupted.catch(() => {
    run.isInterrupted = true;
    say(command, interruptedText(run)); // at once; then everything is given up in order
    run.done.abort();
  });
  try {
    return await withServer(run, interrupted);
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
  isInterrupted: boolean;
  /** The name of its lock, where its run ends with it. */
  owner?: string;
  started?: StartedRun;
}

function interruptedText({ request, goesOn }: Run): string {
  const [state, wayOn] = goesOn()
    ? ['the run itself goes on', 'follows it again']
    : ['what was made is kept', 'goes on from there'];
  return `interrupted: ${state}; "${request.command}" ${wayOn}`;
}

/** Ends early where the command is interrupted, or server or workers are lost: whatever it is at. */
async function withServer(run: Run, interrupted: Promise<never>): Promise<FinishedRun> {
  const { command, request, done } = run;
  const server = await openTemporal();
  try {
    const { client, close } = await openClient(server);
    try {
      const watch = {
        wayOut: `"${request.command}" goes on from there`,
        say: (line: string) => say(command, line),
        done: done.signal,
      };
      return await withWorkers(run, client, server, work =>
        Promise.race([work(), interrupted, server.workersLost, untilServerLost(client, server, watch)]),
      );
    } finally {
      run.done.abort();
      await close();
    }
  } finally {
    await server.close();
  }
}

async function withWorkers(
  run: Run,
  client: Client,
  server: Temporal,
  attend: (work: () => Promise<FinishedRun>) => Promise<FinishedRun>,
): Promise<FinishedRun> {
  if (!server.isEmbedded) {
    run.goesOn = () => true;
    return attend(async () => {
      await requirePollers(run.command, client, server);
      return startAndFollow(client, server, run);
    });
  }
  run.goesOn = () => run.started?.isOwn === false;
  run.owner = randomUUID();
  const work = async () => {
    await endLeftRuns(client, { noWorkers: !server.goesOn() });
    server.useWorkers();
    return startAndFollow(client, server, run);
  };
  try {
    return await withLock(commandLock(run.owner), undefined, () => attend(work));
  } finally {
    await server.leaveWorkers();
    if (run.isInterrupted) await endOwnRun(client, run);
  }
}

const endWithinMs = 5_000;

/** Nothing goes on by itself. Where the server does not answer, the next command ends what is left. */
async function endOwnRun(client: Client, { started }: Run): Promise<void> {
  if (!started?.isOwn) return;
  const end = () => endRun(client, started.workflowId);
  await client.connection.withDeadline(Date.now() + endWithinMs, end).catch(() => {});
}

/** What interrupted runs have left is made by whoever asks for it. */
async function sayWhatWasInterrupted(client: Client, { command, request }: Run): Promise<void> {
  const taken = request.cells.map(({ address }) => `${request.experiment}/${address}`);
  for (const { experiment, cells, left, command: wayOn } of await interruptedRuns(client, taken)) {
    say(
      command,
      `${experiment}: an interrupted run left ${left} of its ${cells} cells; "${wayOn}" goes on with it`,
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

/** Where a run that was followed is interrupted, this one goes on with its cells. */
async function startAndFollow(client: Client, server: Temporal, run: Run): Promise<FinishedRun> {
  const { command, request } = run;
  const { owner } = run;
  if (server.uiUrl) say(command, `Temporal UI: ${server.uiUrl}`);
  for (;;) {
    const started = await startCells(client, request, { owner, say: line => say(command, line) });
    run.started = started;
    tellDetacher(started.workflowId);
    if (owner && started.isOwn) await sayWhatWasInterrupted(client, run);
    try {
      return { ...(await follow(client, server, run, started)), workflowId: started.workflowId };
    } catch (error) {
      if (started.isOwn || !wasEnded(error)) throw error;
      say(command, `${started.workflowId} was interrupted: going on with its cells`);
    }
  }
}

/** Another home's embedded server may have taken the place of one that is gone. */
function strangeServer({ address }: Temporal, { command }: RunRequest): ServerLost {
  return new ServerLost(
    `the Temporal server at ${address} knows nothing of the run any more (it is gone, or another has taken its place); what was made is kept: "${command}" goes on from there`,
  );
}

async function follow(
  client: Client,
  server: Temporal,
  { command, request, done }: Run,
  { workflowId, isOwn, result }: StartedRun,
): Promise<RunOutcome> {
  const over = new AbortController();
  const signal = AbortSignal.any([done.signal, over.signal]);
  const { quiet } = globalOptions(command);
  const followed = { ...request, isForced: request.force !== undefined };
  const display = followCells(client, workflowId, followed, { signal, quiet });
  display.catch(() => {}); // thrown below, where it is awaited
  try {
    return await result();
  } catch (error) {
    if (!isOwn && wasEnded(error)) throw error;
    if (error instanceof WorkflowNotFoundError) throw strangeServer(server, request);
    throw await explainEnd(error, client, { workflowId, cells: request.cells, wayOut: request.command });
  } finally {
    over.abort();
    await display;
  }
}
