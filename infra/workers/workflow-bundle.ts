// The workflows as one script: bundling takes seconds, so it is kept until their source or the SDK changes.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ignoreMissing, writeWhole } from '../../artifacts/durable.ts';
import { cacheFolder, packageRoot } from '../home.ts';

const sources = path.join(packageRoot, 'workflows');

/** The bundle's code: as set-up or an earlier worker made it, or made now. */
export async function workflowBundle(): Promise<{ code: string }> {
  const file = path.join(cacheFolder(), `workflows-${await sourceDigest()}.js`);
  const kept = await readFile(file, 'utf8').catch(ignoreMissing);
  if (kept !== undefined) return { code: kept };
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(sources, 'index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  await writeWhole(file, code).catch(() => {}); // a cache that is only read: it is made again next time
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
