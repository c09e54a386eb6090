// What a sweep does when its cells come to grief: each is an outcome with its name and reason, and the others go on.
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { StepRequest } from '../../activities/reference.ts';
import { cellOutcomes, keepCellList } from '../../activities/sweep-cells.ts';
import { workflowBundle } from '../../infra/workers/workflow-bundle.ts';
import { cpuQueue } from '../../workflows/queues.ts';
import { openTinyWorkplace, permanent, seedOf, tinyCells } from './tiny-cells.ts';

let place: Awaited<ReturnType<typeof openTinyWorkplace>>;
let work: (request: StepRequest) => Promise<void>;

beforeAll(async () => {
  place = await openTinyWorkplace(request => work(request));
});
beforeEach(() => {
  work = async () => {};
  place.calls.length = 0;
});
afterAll(() => place.close());

/** Holds the training of a seed up until it is let go; `begun` once it is held. */
function holdTraining(seed: number) {
  const events = new EventEmitter();
  const [begun, letGo] = [once(events, 'begun'), once(events, 'letGo')];
  work = async request => {
    if (request.step.step !== 'train' || seedOf(request) !== seed) return;
    events.emit('begun');
    await letGo;
  };
  return { begun, letGo: () => events.emit('letGo') };
}

const idOf = (seed: number) => `smoke/shapes/t-simcne/rot90/seed-${seed}`;
const handleOf = (seed: number) => place.client.workflow.getHandle(idOf(seed));
const statuses = (outcomes: { status: string }[]) => outcomes.map(({ status }) => status);
const running = () => place.client.workflow.count('ExecutionStatus = "Running"');

it('makes what cells share once', async () => {
  const { outcomes } = await place.start(tinyCells([1, 2, 3]));
  expect(statuses(await outcomes())).toEqual(['done', 'done', 'done']);
  const shared = place.calls.filter(call => !/\d/.test(call));
  expect(shared).toEqual(['fetch', 'prepare']);
  expect(place.calls).toHaveLength(2 + 3 * 3);
});

it.each([
  ['cancel', 'cancelled'],
  ['terminate', 'terminated'],
] as const)('goes on when somebody should %s a cell, and names it', async (end, word) => {
  const { begun, letGo } = holdTraining(2);
  const { outcomes } = await place.start(tinyCells([1, 2, 3]));
  await begun;
  await handleOf(2)[end]();
  await sleep(500); // what it did on the worker is not waited for
  letGo();
  const ended = await outcomes();
  expect(statuses(ended)).toEqual(['done', word, 'done']);
  expect(ended[1].reason).toContain(`${word}; what was made is kept`);
  const { searchAttributes } = await handleOf(2).describe();
  expect(searchAttributes.CellStatus).toEqual(end === 'cancel' ? ['cancelled'] : undefined); // true, or nothing
});

it('goes on when a cell fails, and names step and error', async () => {
  work = async request => {
    if (request.step.step === 'train' && seedOf(request) === 1)
      throw permanent('NonFiniteLoss', 'the loss is NaN');
  };
  const ended = await (await place.start(tinyCells([1, 2]))).outcomes();
  expect(ended).toMatchObject([
    { status: 'failed', reason: 'train: the loss is NaN', failure: { step: 'train', name: 'NonFiniteLoss' } },
    { status: 'done' },
  ]);
});

it('a cell whose record cannot be written has failed, and no other', async () => {
  place.failRecordOf(2);
  const ended = await (await place.start(tinyCells([1, 2]))).outcomes();
  place.failRecordOf(undefined);
  expect(ended).toMatchObject([
    { status: 'done' },
    { status: 'failed', reason: 'recordCell: DiskFull', failure: { step: 'recordCell', name: 'DiskFull' } },
  ]);
});

it('a step that cells share and that fails is the failure of each of them, and was tried once', async () => {
  work = async ({ step }) => {
    if (step.step === 'prepare') throw permanent('InvalidDataset');
  };
  const ended = await (await place.start(tinyCells([1, 2]))).outcomes();
  expect(ended).toMatchObject(
    Array(2).fill({ status: 'failed', failure: { step: 'prepare', name: 'InvalidDataset' } }),
  );
  expect(place.calls).toEqual(['fetch', 'prepare']);
  expect((await handleOf(1).describe()).searchAttributes.CellStatus).toEqual(['failed']);
});

it('what another run makes is waited for in the plan, and no worker is held up meanwhile', async () => {
  let elsewhere = 2;
  work = async ({ step }) => {
    if (step.step === 'prepare' && elsewhere-- > 0) throw permanent('MadeElsewhere');
  };
  expect(statuses(await (await place.start(tinyCells([1, 2]))).outcomes())).toEqual(['done', 'done']);
  expect(place.calls.filter(call => call === 'prepare')).toHaveLength(3);
});

it('waits for a cell that another run makes, while the others are made', async () => {
  const [cell] = tinyCells([1]);
  const { begun, letGo } = holdTraining(1);
  await place.client.workflow.start('cell', { workflowId: idOf(1), taskQueue: cpuQueue, args: [{ cell }] });
  await begun;
  const { outcomes } = await place.start(tinyCells([1, 2]));
  await vi.waitFor(() => expect(place.calls).toContain('score 2'), { timeout: 120_000 });
  letGo();
  expect(statuses(await outcomes())).toEqual(['done', 'done']);
});

it('cancelled, it cancels all of its cells, and keeps what became of them', async () => {
  const { begun, letGo } = holdTraining(1);
  const { handle } = await place.start(tinyCells([1, 2]));
  await begun;
  await vi.waitFor(() => expect(place.calls).toContain('score 2'), { timeout: 120_000 });
  await handle.cancel();
  await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  letGo();
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  expect((await handleOf(1).describe()).status.name).toBe('CANCELLED');
  expect(await running()).toMatchObject({ count: 0 });
  const list = await keepCellList(place.store, tinyCells([1, 2]));
  const { firstExecutionRunId } = handle;
  expect(statuses(await cellOutcomes(place.store, firstExecutionRunId, list))).toEqual(['cancelled', 'done']);
});

it('makes hundreds in pages; one that is terminated costs the others nothing', async () => {
  const seeds = Array.from({ length: 250 }, (_, i) => i + 1);
  const { begun, letGo } = holdTraining(150);
  const { handle, outcomes } = await place.start(tinyCells(seeds));
  await begun;
  await place.client.workflow.getHandle('smoke/page-2').terminate();
  await vi.waitFor(async () => expect((await handleOf(150).describe()).status.name).toBe('CANCELLED'), {
    timeout: 120_000,
  });
  letGo();
  const ended = await outcomes();
  expect(ended.map(({ address }) => Number(address.split('seed-')[1]))).toEqual(seeds);
  expect(ended.filter(({ status }) => status === 'done')).toHaveLength(150);
  expect(ended[149]).toMatchObject({ status: 'terminated' });
  expect((await handle.result()).counts).toEqual({ done: 150, terminated: 100 });
});

it('every one of these histories replays', async () => {
  const histories = await place.histories();
  expect(histories.length).toBeGreaterThan(160); // 150 cells of the last sweep; of its others, which were terminated, some had not begun
  const errors: string[] = [];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (error) errors.push(error.message);
  }
  expect(errors).toEqual([]);
});
