// cancel, pause, resume: what runs ends, stands still or goes on, by the calls of the Temporal UI; a training writes a checkpoint first.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Command } from 'commander';
import { stepNames } from '../../../experiments/steps.ts';
import { findTemporal, type Temporal } from '../../temporal-server/embedded-server.ts';
import { openClient } from '../../temporal-server/open-client.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { printResult } from '../output.ts';
import { cellAt, cellsNamed } from '../select-cells.ts';
import { runIdAt } from '../start-cells.ts';
import { UsageError } from '../usage-error.ts';

export function addControlCommands(program: Command): void {
  program
    .command('cancel <place>')
    .description(
      'end what runs of an experiment (<experiment>) or of one of its cells (<experiment>/<address>); what was made is kept',
    )
    .action(async (named: string, _options: unknown, command: Command) => {
      const place = await namedPlace(named);
      const workflowIds = await withClient(place, (client, server) => cancelAt(client, server, place));
      const wayOn = place.includes('/') ? `simcne rerun ${place}` : `simcne run ${place}`;
      printResult(
        command,
        { workflowIds, cancelled: true },
        () => `cancelled: ${workflowIds.join(', ')}; "${wayOn}" goes on from there`,
      );
    });

  program
    .command('pause <place>')
    .description('let a run or one of its cells stand still until it is resumed')
    .action(async (named: string, _options: unknown, command: Command) => {
      const place = await namedPlace(named);
      const paused = await withClient(place, client => pauseRun(client, place));
      printResult(
        command,
        { place, paused },
        () => `${place} stands still (${paused.join(', ')}); "simcne resume ${place}" lets it go on`,
      );
    });

  program
    .command('resume <place>')
    .description('let what was paused go on')
    .action(async (named: string, _options: unknown, command: Command) => {
      const place = await namedPlace(named);
      const resumed = await withClient(place, client => resumeRun(client, place));
      printResult(command, { place, resumed }, () => `${place} goes on (${resumed.join(', ')})`);
    });
}

/** Cancels what runs at a place, and waits for its end. The ids of the workflows. */
async function cancelAt(client: Client, server: Temporal, place: string): Promise<string[]> {
  const running = await runningAt(client, place);
  if (running.length === 0) throw nothingRuns(place);
  const handles = running.map(workflowId => client.workflow.getHandle(workflowId));
  for (const handle of handles) await handle.cancel();
  server.useWorkers(); // which they need to end in order
  await Promise.race([Promise.allSettled(handles.map(handle => handle.result())), server.workersLost]);
  return running;
}

/** A cell's own workflow, and the runs there: each number was given when all before it ran. */
async function runningAt(client: Client, place: string): Promise<string[]> {
  const running: string[] = [];
  for (let number = place.includes('/') ? 0 : 1; ; number++) {
    const workflowId = number === 0 ? place : runIdAt(place, number);
    const status = await statusOf(client, workflowId);
    if (status === 'RUNNING') running.push(workflowId);
    if (status === undefined && number > 0) return running;
  }
}

/** Undefined where there never was such a workflow. */
async function statusOf(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

const lookAgainMs = 500;
const settledLooks = 8; // longer than cells of one sweep begin after each other, and than a plan takes from step to step

/** Pauses the steps that run at a place, or wait for a worker, until there is nothing else. Those without checkpoints will begin anew. */
async function pauseRun(client: Client, place: string): Promise<string[]> {
  for (let stillLooks = 0; ; ) {
    const steps = await pendingSteps(client, place);
    for (const { call } of steps.filter(({ isPaused }) => !isPaused)) {
      await client.workflowService.pauseActivity({ ...call, identity: 'simcne pause' }).catch(ignoreEnded);
    }
    const isStill = steps.length > 0 && steps.every(({ isPaused, isRunning }) => isPaused && !isRunning);
    stillLooks = isStill ? stillLooks + 1 : 0;
    if (stillLooks === settledLooks) return steps.map(({ name }) => name);
    await sleep(lookAgainMs);
  }
}

/** The first that goes on takes the worker: one that had begun, else as they would have taken it. */
async function resumeRun(client: Client, place: string): Promise<string[]> {
  const paused = (await pendingSteps(client, place))
    .filter(({ isPaused }) => isPaused)
    .sort((a, b) => a.turn - b.turn || a.since - b.since);
  for (const { call } of paused) {
    await client.workflowService.unpauseActivity({ ...call, identity: 'simcne resume' }).catch(ignoreEnded);
  }
  return paused.map(({ name }) => name);
}

const notFound = 5; // of gRPC

/** A step may end between the look and the call. */
function ignoreEnded(error: unknown): void {
  if (!isGrpcServiceError(error) || error.code !== notFound) throw error;
}

/** A step that a worker has, or waits for. */
interface PendingStep {
  /** As `desk/bloodmnist/t-simcne/rot90/seed-1: train`. */
  name: string;
  call: { namespace: string; execution: { workflowId: string }; id: string };
  isPaused: boolean;
  isRunning: boolean;
  /** The priority in its queue, before all others where it had begun. */
  turn: number;
  /** When its cell began, in ms. */
  since: number;
}

const [scheduled, paused] = [1, 4]; // temporal.api.enums.v1.PendingActivityState; in the others a worker still has it

/** Of all workflows that run at a place. @throws UsageError where none does */
async function pendingSteps(client: Client, place: string): Promise<PendingStep[]> {
  const [experiment] = place.split('/');
  const { namespace } = client.options;
  const query = `Experiment = "${experiment}" AND ExecutionStatus = "Running"`;
  const steps: PendingStep[] = [];
  let found = 0;
  for await (const { workflowId, startTime } of client.workflow.list({ query, pageSize: 1000 })) {
    if (![experiment, workflowId, workflowId.replace(/\/rerun(-\d+)?$/, '')].includes(place)) continue;
    found++;
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const { activityId, activityType, state, ...activity } of raw.pendingActivities ?? []) {
      if (!stepNames.some(name => name === activityType?.name)) continue;
      steps.push({
        name: `${workflowId}: ${activityType?.name}`,
        call: { namespace, execution: { workflowId }, id: activityId! },
        isPaused: activity.paused === true,
        isRunning: state !== scheduled && state !== paused,
        turn: activity.lastStartedTime ? 0 : (activity.priority?.priorityKey ?? 0),
        since: startTime.getTime(),
      });
    }
  }
  if (found === 0) throw nothingRuns(place);
  return steps;
}

/** @throws UsageError where there is no such experiment or cell, or no server: then nothing runs */
async function withClient<T>(
  place: string,
  act: (client: Client, server: Temporal) => Promise<T>,
): Promise<T> {
  if (place.includes('/')) cellAt(place);
  else cellsNamed(place);
  const server = await findTemporal();
  if (!server) throw nothingRuns(place);
  const { client, close } = await openClient(server);
  try {
    return await act(client, server);
  } finally {
    await close();
    await server.close();
  }
}

function nothingRuns(place: string): UsageError {
  return new UsageError(`${place} does not run; "simcne status" lists what does`);
}
