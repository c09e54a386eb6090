// Small archives in the form of CIFAR-10's binary version.
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { CifarRules } from '../../datasets/cifar10/cifar10.ts';
import { Random } from '../../numeric/random.ts';

export const cifarRules: CifarRules = {
  classes: ['a', 'b', 'c'].map(name => ({ name, short: name, colour: '#000000' })),
  batchSize: 10,
};

/** Records of a batch: labels 0, 1, 2, 0, …; the first plane holds `level`, the others noise. */
export function cifarBatch(level: number, { batchSize, classes } = cifarRules): Buffer {
  const random = new Random(level);
  const records = Array.from({ length: batchSize }, (_, i) => [
    Buffer.of(i % classes.length),
    Buffer.alloc(1024, level),
    Buffer.from(Uint8Array.from({ length: 2048 }, () => random.integer(256))),
  ]);
  return Buffer.concat(records.flat());
}

/** The members of a whole archive, by name; each batch has its own level of red, 1 … 6. */
export function cifarMembers(rules = cifarRules): Record<string, Uint8Array> {
  const batches = [
    'data_batch_1',
    'data_batch_2',
    'data_batch_3',
    'data_batch_4',
    'data_batch_5',
    'test_batch',
  ];
  const members = batches.map((name, i) => [`cifar-10-batches-bin/${name}.bin`, cifarBatch(i + 1, rules)]);
  return {
    'cifar-10-batches-bin/batches.meta.txt': Buffer.from('a\nb\nc\n\n'),
    ...Object.fromEntries(members),
    'cifar-10-batches-bin/readme.html': Buffer.from('<html>'),
  };
}

/** A tar archive of these members, in gzip. */
export async function tarGz(members: Record<string, Uint8Array>): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(members)) archive.entry({ name }, Buffer.from(bytes));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}
