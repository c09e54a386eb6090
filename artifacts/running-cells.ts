// Which artifacts the cells that run now have used: a small file a cell, so that they are not taken for garbage before the cell's
// record says that they belong to it.
import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { filesIn, ignoreMissing } from './durable.ts';
import { isKey } from './keyed-folders.ts';

const lifeMs = 90 * 24 * 60 * 60_000; // of a cell that was cancelled, and never run to its end

/** Notes that the workflow of a cell has used an artifact. */
export async function noteUse(store: string, workflowId: string, key: string): Promise<void> {
  const file = fileOf(store, workflowId);
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, `${key}\n`);
}

/** Forgets what a cell used: its record is kept now. */
export async function forgetUses(store: string, workflowId: string): Promise<void> {
  await rm(fileOf(store, workflowId), { force: true });
}

/** Whether a cell has used artifacts and did not come to its end: it runs, or was interrupted. */
export async function hasBegun(store: string, workflowId: string): Promise<boolean> {
  return (await stat(fileOf(store, workflowId)).catch(ignoreMissing)) !== undefined;
}

/** The keys of all artifacts that running cells have used. */
export async function usedKeys(store: string): Promise<string[]> {
  const folder = path.join(store, 'running');
  const keys: string[] = [];
  for (const name of await filesIn(folder)) {
    const file = path.join(folder, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > lifeMs) continue;
    keys.push(...(await readFile(file, 'utf8')).split('\n').filter(isKey));
  }
  return keys;
}

function fileOf(store: string, workflowId: string): string {
  return path.join(store, 'running', encodeURIComponent(workflowId));
}
