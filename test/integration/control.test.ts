// Control from the Temporal UI, by the calls that it makes: a training is paused, goes on, is reset and cancelled, and loses nothing.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
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
import { startWorkers, type WorkerProcesses } from '../../infra/workers/worker-processes.ts';
import { timeLedger } from '../../reports/time-ledger.ts';
import { cpuQueue } from '../../workflows/queues.ts';
import { temporaryHome } from './command-line.ts';
import { canSeeProcesses, processesOf } from './processes.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let server: Temporal;
let open: OpenClient;
let workers: WorkerProcesses;

beforeAll(async () => {
  place = await temporaryHome();
  vi.stubEnv('SIMCNE_HOME', place.home);
  server = await openTemporal();
  open = await openClient(server);
  workers = await startWorkers(server);
}, 120_000);

afterAll(async () => {
  await workers?.close();
  await open?.close();
  await server?.close();
  vi.unstubAllEnvs();
  await place.remove();
}, 120_000);

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

const child = () => processesOf(place.home, 'step-child.ts train')[0]?.pid;
const waiting = { timeout: 90_000, interval: 200 };

/** How far the furthest checkpoint is, over all trainings of this home: there is one. */
async function checkpointEpoch(): Promise<number> {
  const folder = path.join(place.home, 'store', 'checkpoints');
  const [group] = await readdir(folder);
  const [key] = await readdir(path.join(folder, group));
  return (await listCheckpoints(path.join(folder, group, key))).at(-1)?.epoch ?? 0;
}

/** The epochs from which attempts went on, as their logs say. */
async function resumedAt(): Promise<number[]> {
  const folder = path.join(place.home, 'logs', 'steps');
  const logs = (await readdir(folder)).filter(name => name.startsWith('train-'));
  const texts = await Promise.all(logs.map(name => readFile(path.join(folder, name), 'utf8')));
  return texts.flatMap(text =>
    [...text.matchAll(/going on from epoch (\d+)/g)].map(([, epoch]) => Number(epoch)),
  );
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
}, 120_000);

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
    const untilTraining = () =>
      vi.waitFor(async () => {
        const { heartbeatDetails, state } = (await pending())!;
        expect(state).toBe(2); // started
        expect(String(heartbeatDetails?.payloads?.[0].data)).toMatch(/epoch \d+\/60000/);
      }, waiting);
    const untilStopped = () => vi.waitFor(() => expect(child()).toBeUndefined(), waiting);

    await untilTraining();
    await client.workflowService.pauseActivity({ ...call, identity: 'test', reason: 'to look at it' });
    await untilStopped();
    const pausedAt = await checkpointEpoch();
    expect(pausedAt).toBeGreaterThan(0);
    expect((await pending())?.paused).toBe(true);

    await client.workflowService.unpauseActivity(call);
    await vi.waitFor(async () => expect(await resumedAt()).toEqual([pausedAt]), waiting);
    await untilTraining();

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

    const attempts = (await experimentAttempts(storeFolder(), 'control', [])).filter(
      ({ step, cell }) => step === 'train' && cell === 'shapes',
    );
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    const [train] = timeLedger({ experiment: 'control', cells: [], attempts });
    expect(train.savedByCheckpoints).toBeGreaterThan(0);
    expect(train.lostSeconds).toBeLessThan(train.usefulSeconds); // what passed between the last checkpoint and the end
  }, 280_000);
});
