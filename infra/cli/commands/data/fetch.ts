// data fetch: a data set or pretrained weights now, or from files that were downloaded by hand.
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { type BringJob, bringFiles } from '../../../../activities/bring-files.ts';
import { recipeOf } from '../../../../activities/recipe-of.ts';
import { keyOf } from '../../../../artifacts/recipe.ts';
import type { Store } from '../../../../artifacts/store.ts';
import { codeVersion } from '../../../code-version.ts';
import { downloadsFolder } from '../../../home.ts';
import { openHomeStore } from '../../../open-home-store.ts';
import { printResult, say } from '../../output.ts';
import { datasetLine, type Fetchable, fetchableNamed } from './fetchables.ts';
import { filesByHand } from './files-by-hand.ts';

export function addDataFetchCommand(data: Command): void {
  data
    .command('fetch <name>')
    .description('fetch a data set or pretrained weights now, or take in files that were downloaded by hand')
    .option(
      '--from <place>',
      'a file, downloaded by hand, or a folder that holds them; repeats; checksums are held against the known ones',
      (place: string, before: string[] = []) => [...before, place],
    )
    .action(async (name: string, { from }: { from?: string[] }, command: Command) => {
      const wanted = fetchableNamed(name);
      const store = await openHomeStore();
      const reused = await fetchInto(store, wanted, from, progressLines(command));
      say(command, reused ? `${name} was here already` : `${name} is here now`);
      const line = await datasetLine(wanted, store);
      printResult(command, { datasets: [{ ...line, reused }] }, () => line.folder ?? '');
    });
}

/** Makes the artifact of its fetch step, by download or from files; answers whether it was there already. */
async function fetchInto(
  store: Store,
  wanted: Fetchable,
  from: string[] | undefined,
  onProgress: BringJob['onProgress'],
): Promise<boolean> {
  const recipe = recipeOf(wanted.step, {});
  const { files } = await datasetLine(wanted, store);
  const arrived = new Set(files.filter(({ state }) => state !== 'not fetched').map(({ name }) => name));
  const sources = wanted.files.map(({ source }) => source);
  const byHand = from && (await filesByHand(wanted.name, sources, from, arrived));
  const origin = {
    codeVersion: codeVersion(),
    machine: hostname(),
    startedAt: new Date().toISOString(),
    workflowId: '',
    runId: '',
  };
  const { reused } = await store.make(recipe, origin, async folder => {
    const job = {
      folder,
      store: store.folder,
      downloads: [downloadsFolder()],
      checkpointFolder: store.checkpointFolder(keyOf(recipe)),
      signal: new AbortController().signal,
      onProgress,
    };
    return {
      summary: { sources: await bringFiles(wanted.files, job, { byHand, dataset: wanted.dataset }) },
      backend: 'none',
      peakMemoryBytes: process.memoryUsage.rss(),
    };
  });
  await store.push('first-seen/');
  return reused;
}

const lineMs = 5_000;

/** A line of progress now and then. */
function progressLines(command: Command): BringJob['onProgress'] {
  let last = Date.now();
  return ({ text, fraction }) => {
    if (Date.now() - last < lineMs) return;
    last = Date.now();
    say(command, fraction === undefined ? text : `${text}: ${Math.floor(100 * fraction)} %`);
  };
}
