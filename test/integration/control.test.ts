// Control from the Temporal UI, by the calls that it makes: a training is paused, goes on, is reset and cancelled, and loses nothing.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listCheckpoints } from '../../activities/checkpoint-names.ts';
import { experimentAttempts } from '../../activities/experiment-attempts.ts';
import type { CellOutcome } from '../../activities/reference.ts';
import { readCellRecord } from '../../artifacts/cell-record.ts';
import { type Cell, cellsOf } from '../../experiments/experiment.ts';
import type { TrainingSettings } from '../../experiments/settings.ts';
import { smoke } from '../../experiments/smoke.ts';
import type { Step } from '../../experiments/steps.ts';
import { storeFolder } from '../../infra/home.ts';
import { openTemporal, type Temporal } from '../../infra/temporal-server/embedded-server.ts';
import { type OpenClient, openClient } from '../../infra/temporal-server/open-client.ts';
import { queueNames } from '../../infra/workers/queue-names.ts';
import { timeLedger } from '../../reports/time/time-ledger.ts';
import { cpuQueue } from '../../workflows/queues.ts';
import { simcne, temporaryHome } from './command-line.ts';
import { listeningOf } from './listening.ts';
import { canSeeProcesses, processesOf } from './processes.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let server: Temporal;
let open: OpenClient;
let metricsPort: number;

beforeAll(async () => {
  place = await temporaryHome();
  vi.stubEnv('SIMCNE_HOME', place.home);
  metricsPort = await getPort();
  vi.stubEnv('SIMCNE_METRICS', String(metricsPort));
  server = await openTemporal('workers');
  open = await openClient(server);
});

afterAll(async () => {
  await open?.close();
  await server?.close();
  vi.unstubAllEnvs();
  await place.remove();
});

/** The first cell of `smoke`, its training changed. */
function changedCell(change: (settings: TrainingSettings) => Partial<TrainingSettings>): Cell {
  const [cell] = cellsOf(smoke);
  const steps = cell.steps.map(
    (step): Step =>
      step.step === 'train' ? { ...step, settings: { ...step.settings, ...change(step.settings) } } : step,
  );
  return { ...cell, experiment: 'control', steps };
}

const longCell = () =>
  changedCell(({ stages }) => ({ stages: stages.map(stage => ({ ...stage, epochs: 20_000 })) }));

const child = () => processesOf(place.home, 'step-child.js train')[0]?.pid;
/** Values of a metric of the training worker, with their tags. */
async function metric(name: string): Promise<{ tags: string; value: number }[]> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort + queueNames.indexOf('train')}/metrics`);
  const lines = (await answer.text()).split('\n').filter(line => line.startsWith(`${name}{`));
  return lines.map(line => ({ tags: line, value: Number(line.split(' ').at(-1)) }));
}

const waiting = { timeout: 240_000, interval: 200 };

/** How far the furthest checkpoint is, over all trainings of this home: there is one. */
async function checkpointEpoch(): Promise<number> {
  const folder = path.join(place.home, 'store', 'checkpoints');
  const [group] = await readdir(folder);
  const [key] = await readdir(path.join(folder, group));
  return (await listCheckpoints(path.join(folder, group, key))).at(-1)?.epoch ?? 0;
}

/** The epochs from which attempts went on, as their logs say, ascending: logs lie in no order. */
async function resumedAt(): Promise<number[]> {
  const folder = path.join(place.home, 'logs', 'steps');
  const logs = (await readdir(folder)).filter(name => name.startsWith('train-'));
  const texts = await Promise.all(logs.map(name => readFile(path.join(folder, name), 'utf8')));
  return texts
    .flatMap(text => [...text.matchAll(/going on from epoch (\d+)/g)].map(([, epoch]) => Number(epoch)))
    .sort((a, b) => a - b);
}

it('a training whose loss is lost fails its cell by name, once, with its last words', async () => {
  const cell = changedCell(() => ({ learningRate: 1e18 }));
  const outcome: CellOutcome = await open.client.workflow.execute('cell', {
    workflowId: `control/${cell.address}`,
    taskQueue: cpuQueue,
    args: [{ cell }],
  });
  expect(outcome).toMatchObject({ status: 'failed', failure: { step: 'train', name: 'NonFiniteLoss' } });
  expect(outcome.failure?.lines.join('\n')).toMatch(/loss (NaN|-?Infinity)/);
  expect(outcome.failure?.log).toMatch(/attempt-1\.log$/);
  const record = await readCellRecord(storeFolder(), 'control', cell.address);
  expect(record).toMatchObject({ status: 'failed', failure: outcome.failure });
});

it.skipIf(!canSeeProcesses)('server, Temporal UI, metrics and workers listen on loopback only', async () => {
  const addresses = () => listeningOf(processesOf(place.home).map(({ pid }) => pid));
  const isOpen = (port: number) => addresses().some(({ address }) => address === `127.0.0.1:${port}`);
  const known = [Number(server.address.split(':')[1]), Number(new URL(server.uiUrl!).port)];
  for (const port of [...known, metricsPort, metricsPort + queueNames.indexOf('train')]) {
    await vi.waitFor(() => expect(isOpen(port)).toBe(true), waiting);
  }
  expect(addresses().filter(({ isLoopback }) => !isLoopback)).toEqual([]);
});

describe.skipIf(!canSeeProcesses)('a training', () => {
  it('is paused, goes on, is reset and cancelled; each time its checkpoint is written, and gone on from', async () => {
    const { client } = open;
    const workflowId = 'control/shapes';
    const handle = await client.workflow.start('cell', {
      workflowId,
      taskQueue: cpuQueue,
      args: [{ cell: longCell() }],
    });
    const call = { namespace: server.namespace, execution: { workflowId }, type: 'train' };
    const pending = async () => (await handle.describe()).raw.pendingActivities?.[0];
    const untilBeyond = (epoch: number) =>
      vi.waitFor(async () => {
        const { heartbeatDetails, state } = (await pending())!;
        expect(state).toBe(2); // started
        const [, now] = /epoch (\d+)\/60000/.exec(String(heartbeatDetails?.payloads?.[0].data))!;
        expect(Number(now)).toBeGreaterThan(epoch);
      }, waiting);
    const untilStopped = () => vi.waitFor(() => expect(child()).toBeUndefined(), waiting);

    await untilBeyond(1);
    const [rate] = await metric('simcne_samples_per_second');
    expect(rate.value).toBeGreaterThan(0);
    expect(rate.tags).toMatch(/cell="shapes".*experiment="control"/);
    for (const name of ['simcne_loss', 'simcne_epoch', 'simcne_peak_memory_bytes']) {
      expect((await metric(name))[0].value).toBeGreaterThan(0);
    }
    const waits = await metric('temporal_activity_schedule_to_start_latency_seconds_count');
    expect(waits.some(({ tags, value }) => tags.includes('task_queue="simcne-train"') && value > 0)).toBe(
      true,
    );

    await client.workflowService.pauseActivity({ ...call, identity: 'test', reason: 'to look at it' });
    await untilStopped();
    expect((await metric('simcne_checkpoint_seconds_count'))[0].value).toBeGreaterThan(0);
    const rateAfter = async () => expect((await metric('simcne_samples_per_second'))[0].value).toBe(0);
    await vi.waitFor(rateAfter, waiting);
    const pausedAt = await checkpointEpoch();
    expect(pausedAt).toBeGreaterThan(0);
    expect((await pending())?.paused).toBe(true);

    await client.workflowService.unpauseActivity(call);
    await vi.waitFor(async () => expect(await resumedAt()).toEqual([pausedAt]), waiting);
    await untilBeyond(pausedAt + 1);

    const before = child();
    await client.workflowService.resetActivity(call);
    await vi.waitFor(() => expect(child()).not.toBe(before), waiting);
    await vi.waitFor(async () => expect(await resumedAt()).toHaveLength(2), waiting);
    const [, resetAt] = await resumedAt();
    expect(resetAt).toBeGreaterThan(pausedAt);

    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(/cancelled/i);
    await untilStopped();
    expect(await checkpointEpoch()).toBeGreaterThanOrEqual(resetAt);

    const attemptsAtTraining = async () =>
      (await experimentAttempts(storeFolder(), 'control', [])).filter(
        ({ step, cell }) => step === 'train' && cell === 'shapes',
      );
    await vi.waitFor(async () => {
      const outcomes = (await attemptsAtTraining()).map(({ outcome }) => outcome);
      expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled']); // the worker says so after its child has ended
    }, waiting);
    const attempts = await attemptsAtTraining();
    const [train] = timeLedger({ experiment: 'control', cells: [], attempts });
    expect(train.savedByCheckpoints).toBeGreaterThan(0);
    expect(train.lostSeconds).toBeLessThan(train.usefulSeconds); // what passed between the last checkpoint and the end
  });
});

it('a cell is made again beside a running sweep that is done with it, and goes before it; what runs is not forced', async () => {
  const { client } = open;
  const at = (address: string) => `smoke/${address}`;
  const [long, pixels] = ['shapes/t-simcne/rot90/seed-1', 'shapes/pixels-tsne'];
  const cells = [
    { ...longCell(), experiment: 'smoke' },
    ...cellsOf(smoke).filter(({ address }) => address === pixels),
  ];
  const sweep = await client.workflow.start('experiment', {
    workflowId: 'smoke',
    taskQueue: cpuQueue,
    args: [{ experiment: 'smoke', cells }],
    memo: { addresses: cells.map(({ address }) => address) },
  });
  await vi.waitFor(() => client.workflow.getHandle(at(pixels)).describe(), waiting);
  await client.workflow.result(at(pixels));

  const again = await simcne(place.home, 'rerun', at(pixels), '--force', 'tsne', '--json');
  expect(again).toMatchObject({ code: 0 });
  expect(JSON.parse(again.stdout)).toMatchObject({
    workflowId: `${at(pixels)}/rerun`,
    cells: [{ address: pixels, status: 'done', reused: false }],
  });
  const { events } = await client.workflow.getHandle(at(pixels)).fetchHistory();
  const scheduled = events?.map(event => event.activityTaskScheduledEventAttributes) ?? [];
  expect(scheduled.find(one => one?.activityType?.name === 'tsne')?.priority?.priorityKey).toBe(2); // of a sweep: 3

  const forced = await simcne(place.home, 'rerun', at(long), '--force', 'train');
  expect(forced).toMatchObject({ code: 2, stderr: expect.stringMatching(/seed-1 is being made now; wait/) });
  const some = await simcne(place.home, 'run', 'smoke', '--method', 'pixels-tsne', '--json');
  expect(some).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/smoke is running: this is made beside it/),
  });
  expect(JSON.parse(some.stdout)).toMatchObject({ workflowId: 'smoke/run-2', cells: [{ address: pixels }] });
  expect((await sweep.describe()).status.name).toBe('RUNNING');
  await sweep.cancel();
  await expect(sweep.result()).rejects.toThrow(/cancel/i);
});
