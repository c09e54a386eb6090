// Records golden histories of a sweep whose cells come to grief, in pages of two: one fails, one is cancelled, one terminated, one has to
// wait for what another run makes, and the last page is terminated; then of one that is cancelled itself.
//   npx tsx test/workflows/record-griefs.ts 2
// The number tells apart what was recorded of different versions, which all are kept.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepRequest } from '../../activities/reference.ts';
import { keepPages } from '../../artifacts/sweep-pages.ts';
import { keepHistory } from './keep-history.ts';
import { openTinyWorkplace, permanent, seedOf, tinyCells } from './tiny-cells.ts';

const version = process.argv[2] ?? '1';
const [failing, cancelled, terminated, waiting, lost] = [1, 2, 3, 4, 5];
const held = new Set([cancelled, terminated, lost]);
const begun = new Set<number>();
let elsewhere = 2;
const place = await openTinyWorkplace(async (request: StepRequest) => {
  const seed = seedOf(request);
  if (request.step.step !== 'train' || seed === undefined) return;
  if (seed === failing) throw permanent('NonFiniteLoss', 'the loss is NaN');
  if (seed === waiting && elsewhere-- > 0) throw permanent('MadeElsewhere');
  begun.add(seed);
  while (held.has(seed)) await sleep(20);
});
const workflow = (id: string) => place.client.workflow.getHandle(id);
const idOf = (seed: number) => `smoke/shapes/t-simcne/rot90/seed-${seed}`;
const untilBegun = async (seed: number) => {
  while (!begun.has(seed)) await sleep(20);
};
const keep = (kind: string, ids: string[]) =>
  Promise.all(ids.map(id => keepHistory(place.client, id, `${kind}-${version}~${id}`)));

const cells = tinyCells([failing, cancelled, terminated, waiting, lost]);
const list = { digest: await keepPages(place.store, cells, 2), cells: cells.length, pageSize: 2 };
const grief = await place.start(cells, { list });
for (const seed of held) await untilBegun(seed);
await workflow(idOf(cancelled)).cancel();
await workflow(idOf(terminated)).terminate();
await workflow('smoke/page-3').terminate();
await sleep(1_000); // until the children of that page are told
held.clear();
console.log((await grief.outcomes()).map(({ status }) => status));
await keep('grief', ['smoke', 'smoke/page-1', 'smoke/page-2', ...cells.map((_, i) => idOf(i + 1))]);

held.add(lost);
begun.clear();
const ended = await place.start(tinyCells([lost]));
await untilBegun(lost);
await ended.handle.cancel();
await ended.handle.result().catch(() => {});
held.clear();
await keep('cancelled', ['smoke', idOf(lost)]);
await place.close();
process.exit();
