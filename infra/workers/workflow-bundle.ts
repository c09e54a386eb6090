// The workflows as one script: bundling takes seconds, so it is kept until their source or the SDK changes.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeWhole } from '../../artifacts/durable.ts';
import { packageRoot, runtimeFolders } from '../home.ts';

const sources = path.join(packageRoot, 'workflows');

/** The bundle's code: as set-up or an earlier worker made it, or made now. */
export async function workflowBundle(): Promise<{ code: string }> {
  const name = `workflows-${await sourceDigest()}.js`;
  const places = runtimeFolders().map(folder => path.join(folder, name));
  const kept = places.find(existsSync);
  if (kept) return { code: await readFile(kept, 'utf8') };
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(sources, 'index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  await writeWhole(places[0], code);
  return { code };
}

async function sourceDigest(): Promise<string> {
  const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  const hash = createHash('sha256').update(sdk.version);
  for (const name of (await readdir(sources)).sort()) {
    hash.update(name).update(await readFile(path.join(sources, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
