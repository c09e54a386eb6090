// data fetch: a data set or pretrained weights now, or from a file that was downloaded by hand.
import { hostname } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { recipeOf } from '../../../../activities/recipe-of.ts';
import { download } from '../../../../activities/steps/fetch.ts';
import { keyOf } from '../../../../artifacts/recipe.ts';
import { openStore, type Store } from '../../../../artifacts/store.ts';
import { importFile } from '../../../../datasets/fetch-file.ts';
import { codeVersion } from '../../../code-version.ts';
import { storeFolder } from '../../../home.ts';
import { printResult, say } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';
import { datasetLine, type Fetchable, fetchableNamed } from './fetchables.ts';

export function addDataFetchCommand(data: Command): void {
  data
    .command('fetch <name>')
    .description('fetch a data set or pretrained weights now, or take in a file that was downloaded by hand')
    .option('--from <file>', 'the file, downloaded by hand; its checksum is held against the known one')
    .action(async (name: string, { from }: { from?: string }, command: Command) => {
      const wanted = fetchableNamed(name);
      if (from !== undefined && wanted.files.length !== 1) {
        throw new UsageError(
          `${name} consists of ${wanted.files.length} files; --from takes data of one file`,
        );
      }
      const store = await openStore(storeFolder());
      const reused = await fetchInto(store, wanted, from);
      say(command, reused ? `${name} was here already` : `${name} is here now`);
      const line = await datasetLine(wanted, store);
      printResult(command, { datasets: [{ ...line, reused }] }, () => line.folder ?? '');
    });
}

/** Makes the artifact of its fetch step, by download or from a file; answers whether it was there already. */
async function fetchInto(
  store: Store,
  { step, files }: Fetchable,
  from: string | undefined,
): Promise<boolean> {
  const recipe = recipeOf(step, {});
  const job = {
    checkpointFolder: store.checkpointFolder(keyOf(recipe)),
    signal: new AbortController().signal,
    onProgress: () => {},
  };
  const origin = {
    codeVersion: codeVersion(),
    machine: hostname(),
    startedAt: new Date().toISOString(),
    workflowId: '',
    runId: '',
  };
  const { reused } = await store.make(recipe, origin, async folder => {
    for (const { source, keptAs } of files) {
      const target = path.join(folder, keptAs);
      if (from === undefined) await download(source, target, job);
      else await importFile(source, path.resolve(from), target);
    }
    return {
      summary: { source: from ?? 'fetched' },
      backend: 'none',
      peakMemoryBytes: process.memoryUsage.rss(),
    };
  });
  return reused;
}
