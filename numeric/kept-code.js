// Code that is made from other code, as a thread's from TypeScript and a kernel's from its text, is kept beside the packages until one
// of its sources changes. Plain JavaScript, as threads begin here.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../node_modules/.cache/simcne/', import.meta.url);

/**
 * What `make` makes of the file `source`, or made of it before. The contents of all that it read, and of the files `makers` which
 * `make` stands in, are compared with those of now. Where the folder cannot be written to, the code is made each time.
 */
export async function keptCode(source, makers, make) {
  const place = new URL(`${digestOf(fileURLToPath(source))}.json`, folder);
  const kept = keptIn(place);
  if (kept !== undefined) return kept;
  const { code, sources } = await make(source);
  const read = [...sources, ...makers.map(file => [file, readFileSync(new URL(file))])];
  keep(place, { code, digests: read.map(([file, content]) => [String(file), digestOf(content)]) });
  return code;
}

/** The code at `place`, unless there is none, or it is damaged, or one of its sources is another by now. */
function keptIn(place) {
  try {
    const { code, digests } = JSON.parse(readFileSync(place, 'utf8'));
    return digests.every(([file, digest]) => digestOf(readFileSync(new URL(file))) === digest)
      ? code
      : undefined;
  } catch {
    return undefined;
  }
}

/** Written whole, whoever else writes it. */
function keep(place, content) {
  const unfinished = new URL(`${randomUUID()}.unfinished`, folder);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, JSON.stringify(content));
    renameSync(unfinished, place);
  } catch {
    // a folder that is not ours to write to, or a full disk: the code is there all the same
  }
}

function digestOf(content) {
  return createHash('sha256').update(content).digest('hex');
}
