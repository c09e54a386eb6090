// The process behind image-places.ts: decodes an image, embeds it, answers; holds the network of the cell that was asked for last.
import { currentRecord } from '../../activities/current-record.ts';
import { levelRangeOf } from '../../activities/embed-new-images.ts';
import { type NewImagePlace, openNewImages } from '../../activities/new-images.ts';
import type { Store } from '../../artifacts/store.ts';
import { newImage } from '../../datasets/own/new-image.ts';
import { cellAt } from '../cli/select-cells.ts';
import { openHomeStore } from '../open-home-store.ts';
import type { NewImage, PlaceMessage } from './image-places.ts';

const mostPixels = 50e6; // 150 MB decoded

let store: Store | undefined;
let opened: { of: string; place: Awaited<ReturnType<typeof openNewImages>> } | undefined;

process.on('disconnect', () => process.exit());
process.on('message', async (image: NewImage) => {
  const answer: PlaceMessage = await placeOf(image).then(
    place => ({ place }),
    ({ name, message }: Error) => ({ failed: { name, message } }),
  );
  process.send?.(answer);
});

async function placeOf({ cell: address, name, bytes }: NewImage): Promise<NewImagePlace> {
  store ??= await openHomeStore();
  const cell = cellAt(address);
  const image = await newImage(bytes, name, { mostPixels, range: await levelRangeOf(store, cell) });
  const of = `${address}, made ${(await currentRecord(store.folder, cell))?.finishedAt}`; // it may be made again meanwhile
  if (opened?.of !== of) opened = { of, place: await openNewImages(store, cell) };
  return opened.place(image);
}
