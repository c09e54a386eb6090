// An experiment in one file, to be taken to another store.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { replaceWhole } from '../durable.ts';
import { sealedJson } from '../sealed-json.ts';
import type { HeldPiece } from './experiment-pieces.ts';
import { type ExportIndex, indexName } from './index-file.ts';

/** Writes the pieces of an experiment to a file: whole, or not at all. */
export async function writeExport(
  experiment: string,
  held: readonly HeldPiece[],
  file: string,
): Promise<void> {
  const pieces = held.map(({ place, bytes, sha256 }) => ({ place, bytes, sha256 }));
  const index: ExportIndex = { form: 1, experiment, madeAt: new Date().toISOString(), pieces };
  await replaceWhole(file, async temporary => {
    const tar = pack();
    const fill = async () => {
      tar.entry({ name: indexName }, sealedJson(index));
      for (const { place, bytes, from } of held) {
        if (typeof from !== 'string') tar.entry({ name: place }, from);
        else await pipeline(createReadStream(from), tar.entry({ name: place, size: bytes }));
      }
      tar.finalize();
    };
    const filling = fill().catch(error => tar.destroy(error));
    await pipeline(tar, createWriteStream(temporary));
    await filling;
  });
}
