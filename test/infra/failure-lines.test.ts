// Why a cell has no number: told once, in one line; in full to whoever asks.
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepCellRecord } from '../../artifacts/cell-record.ts';
import { Unavailable } from '../../datasets/fetching/source-file.ts';
import { simcne, temporaryHome } from '../integration/command-line.ts';

const address = 'bloodmnist/resnet18-tsne';
const url = 'https://example.org/model.safetensors';
const { name, message } = new Unavailable({ name: 'resnet18.safetensors', sources: [] }, [
  `${url}: HTTP 404 Not Found`,
  `${url}.gz: HTTP 404 Not Found`,
]);
const wayOut = 'simcne data fetch resnet18 --from FILE';

let place: Awaited<ReturnType<typeof temporaryHome>>;
beforeAll(async () => {
  place = await temporaryHome();
  await keepCellRecord(path.join(place.home, 'store'), {
    ...{ experiment: 'quick', address, status: 'unavailable', steps: [], workflowId: '', runId: '' },
    reason: `fetch-weights: ${message}`,
    failure: { step: 'fetch-weights', name, lines: message.split('\n'), log: '/logs/attempt-1.log' },
    finishedAt: new Date().toISOString(),
  });
});
afterAll(() => place.remove());

const linesWith = (text: string, word: string) => text.split('\n').filter(line => line.includes(word));

it.each(['status', 'table'])('%s says it in one line, with the way out', async command => {
  const { stdout } = await simcne(place.home, command, 'quick');
  expect(linesWith(stdout, 'no source gave')).toEqual([expect.stringContaining(wayOut)]);
  expect(linesWith(stdout, wayOut)).toHaveLength(1);
  expect(stdout).not.toContain(url);
});

it('status tells all of it under --debug, and as JSON', async () => {
  const { stdout } = await simcne(place.home, 'status', 'quick', '--debug');
  for (const part of [`${url}: HTTP 404`, `${url}.gz: HTTP 404`, '/logs/attempt-1.log'])
    expect(stdout).toContain(part);
  const { cells } = JSON.parse((await simcne(place.home, 'status', 'quick', '--json')).stdout);
  expect(cells.find((cell: { address: string }) => cell.address === address).error).toContain(`${url}.gz`);
});
