// data: the data sets and pretrained weights, and files of them that were downloaded by hand.
import { hostname } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { weightsFile } from '../../../activities/artifact-files.ts';
import { recipeOf } from '../../../activities/recipe-of.ts';
import { download } from '../../../activities/steps/fetch.ts';
import { keyOf } from '../../../artifacts/recipe.ts';
import { openStore } from '../../../artifacts/store.ts';
import { datasets } from '../../../datasets/catalogue.ts';
import { importFile } from '../../../datasets/fetch-file.ts';
import { pretrainedWeights } from '../../../datasets/pretrained-weights.ts';
import type { SourceFile } from '../../../datasets/source-file.ts';
import type { Step } from '../../../experiments/steps.ts';
import { codeVersion } from '../../code-version.ts';
import { storeFolder } from '../../home.ts';
import { alignColumns, printResult, say } from '../output.ts';
import { UsageError } from '../usage-error.ts';

/** Something that can be fetched: its step, and the name under which the step keeps each file. */
interface Fetchable {
  title: string;
  step: Step;
  files: readonly { source: SourceFile; keptAs: string }[];
}

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('data sets and pretrained weights');
  data
    .command('list')
    .description('what there is, and what is here')
    .action(async (_options: unknown, command: Command) => {
      const store = await openStore(storeFolder());
      const rows: { name: string; title: string; state: string; files: object[] }[] = [];
      for (const [name, { title, step, files }] of Object.entries(fetchables())) {
        const found = await store.find(keyOf(recipeOf(step, {})));
        rows.push({
          name,
          title,
          state: files.length === 0 ? 'drawn' : found ? 'here' : 'not fetched',
          files: files.map(({ source: { name: file, sha256, md5, bytes } }) => ({
            name: file,
            sha256,
            md5,
            bytes,
          })),
        });
      }
      printResult(command, { datasets: rows }, () =>
        alignColumns(rows.map(({ name, state, title }) => [name, state, title])),
      );
    });
  data
    .command('fetch <name>')
    .description('fetch a data set or pretrained weights now, or take in a file that was downloaded by hand')
    .option('--from <file>', 'the file, downloaded by hand; its checksum is held against the known one')
    .action(async (name: string, { from }: { from?: string }, command: Command) => {
      const all = fetchables();
      if (!Object.hasOwn(all, name)) {
        throw new UsageError(`data "${name}" is not known; there are ${Object.keys(all).join(', ')}`);
      }
      const { files, step } = all[name];
      if (from !== undefined && files.length !== 1) {
        throw new UsageError(`${name} consists of ${files.length} files; --from takes data of one file`);
      }
      const store = await openStore(storeFolder());
      const recipe = recipeOf(step, {});
      const job = {
        checkpointFolder: store.checkpointFolder(keyOf(recipe)),
        signal: new AbortController().signal,
        onProgress: () => {},
      };
      const { artifact, reused } = await store.make(
        recipe,
        {
          codeVersion: codeVersion(),
          machine: hostname(),
          startedAt: new Date().toISOString(),
          workflowId: '',
          runId: '',
        },
        async folder => {
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
        },
      );
      say(command, reused ? `${name} was here already` : `${name} is here now`);
      printResult(command, { name, folder: artifact.folder, reused }, () => artifact.folder);
    });
}

function fetchables(): Record<string, Fetchable> {
  const sets = Object.entries(datasets).map(([name, { title, files }]): [string, Fetchable] => [
    name,
    {
      title,
      step: { step: 'fetch', settings: { dataset: name }, inputs: {} },
      files: files.map(source => ({ source, keptAs: source.name })),
    },
  ]);
  const weights = (['resnet18', 'resnet152'] as const).map((network): [string, Fetchable] => [
    network,
    {
      title: `${network}, ImageNet weights (torchvision IMAGENET1K_V1)`,
      step: { step: 'fetch-weights', settings: { network, weights: 'imagenet' }, inputs: {} },
      files: [{ source: pretrainedWeights[network], keptAs: weightsFile }],
    },
  ]);
  return Object.fromEntries([...sets, ...weights]);
}
