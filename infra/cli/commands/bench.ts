// bench: timings of the code paths that experiments run. What is timed is loaded when it is asked for.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { fastProducts } from '../../../activities/fast-products.ts';
import { augmentationSets } from '../../../experiments/names.ts';
import { clusters } from '../../bench/bench-data.ts';
import { oneOf, parseNumber, readLabelledPoints, readPoints } from '../npy-files.ts';
import { printResult } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export function addBenchCommand(program: Command): void {
  const bench = program.command('bench').description('timings of the real code paths');
  addTrain(bench);
  addAugment(bench);
  addTsne(bench);
  addScore(bench);
  addPrepare(bench);
}

/** A whole number of at least one, from an option. */
const count = (name: string, text: string) => parseNumber(name, text, { integer: true, least: 1 });

type TrainOptions = Record<'width' | 'batch' | 'n' | 'imageSize' | 'stem' | 'precision' | 'epochs', string>;

function addTrain(bench: Command): void {
  bench
    .command('train')
    .description('augmentation, forward, backward, update; the first epoch left out')
    .option('--width <channels>', 'base width of the network', '64')
    .option('--batch <images>', 'batch size', '256')
    .option('--n <images>', 'images of an epoch', '512')
    .option('--image-size <pixels>', 'height and width', '28')
    .option('--stem <name>', 'small, small-stride2 or imagenet', 'small')
    .option('--precision <name>', 'float32 or bfloat16', 'float32')
    .option('--epochs <number>', 'epochs that are timed', '2')
    .action(async (options: TrainOptions, command: Command) => {
      const request = {
        width: count('width', options.width),
        batch: count('batch', options.batch),
        n: count('n', options.n),
        imageSize: count('image-size', options.imageSize),
        stem: oneOf('stem', options.stem, ['small', 'small-stride2', 'imagenet']),
        precision: oneOf('precision', options.precision, ['float32', 'bfloat16']),
        epochs: count('epochs', options.epochs),
      };
      const { benchTrain } = await import('../../bench/bench-train.ts');
      const result = await benchTrain(request);
      printResult(
        command,
        result,
        () =>
          `${result.samplesPerSecond.toFixed(1)} images/s (two views each), at most ${(result.peakMemoryBytes / 2 ** 30).toFixed(1)} GiB, ${result.backend}`,
      );
    });
}

function addAugment(bench: Command): void {
  bench
    .command('augment')
    .description('views a second')
    .option('--n <views>', 'views that are made', '20000')
    .option('--threads <number>', 'worker threads', '1')
    .option('--augmentation <set>', 'default, rot90 or randrot', 'rot90')
    .action(async (options: { n: string; threads: string; augmentation: string }, command: Command) => {
      const [n, threads] = [count('n', options.n), count('threads', options.threads)];
      const set = oneOf('augmentation', options.augmentation, augmentationSets);
      const { benchAugment } = await import('../../bench/bench-augment.ts');
      const result = await benchAugment(n, threads, set);
      printResult(command, result, () => `${result.viewsPerSecond.toFixed(0)} views/s on ${threads} threads`);
    });
}

function addTsne(bench: Command): void {
  bench
    .command('tsne')
    .description('t-SNE with default settings')
    .option('--input <file>', 'points [n, d], .npy; else 4,000 points of ten clusters in 50 dimensions')
    .action(async ({ input }: { input?: string }, command: Command) => {
      const points = input === undefined ? clusters(4000, 50, 10).points : await readPoints(input);
      const { tsne } = await import('../../../numeric/tsne/tsne.ts');
      const started = performance.now();
      const products = await fastProducts(points.shape);
      const { klDivergence } = await tsne(points, {}, { threads: availableParallelism(), products });
      const seconds = (performance.now() - started) / 1000;
      const [n, d] = points.shape;
      printResult(
        command,
        { seconds, klDivergence, n, d },
        () => `${n} × ${d}: ${seconds.toFixed(1)} s, KL divergence ${klDivergence.toFixed(4)}`,
      );
    });
}

function addScore(bench: Command): void {
  bench
    .command('score')
    .description('kNN accuracy and silhouette')
    .option('--embedding <file>', 'points [n, d], .npy; else 17,092 points of eight clusters')
    .option('--labels <file>', 'whole numbers [n], .npy')
    .action(async (options: { embedding?: string; labels?: string }, command: Command) => {
      const { points, labels } = await pointsToScore(options);
      const { knnAccuracy } = await import('../../../numeric/scores/knn-accuracy.ts');
      const { silhouette } = await import('../../../numeric/scores/silhouette.ts');
      const started = performance.now();
      const knn = 100 * knnAccuracy(points, labels);
      const between = performance.now();
      const mean = await silhouette(points, labels);
      const knnSeconds = (between - started) / 1000;
      const silhouetteSeconds = (performance.now() - between) / 1000;
      printResult(
        command,
        { knnSeconds, silhouetteSeconds, knn, silhouette: mean, n: labels.length },
        () =>
          `${labels.length} points: kNN ${knnSeconds.toFixed(2)} s, silhouette ${silhouetteSeconds.toFixed(2)} s`,
      );
    });
}

async function pointsToScore({ embedding, labels }: { embedding?: string; labels?: string }) {
  if (embedding !== undefined && labels !== undefined) {
    return readLabelledPoints(embedding, labels);
  }
  if (embedding === undefined && labels === undefined) return clusters(17_092, 2, 8);
  throw new UsageError('--embedding and --labels belong together: give both or none');
}

function addPrepare(bench: Command): void {
  bench
    .command('prepare')
    .description('preparing all images of a data set, from its files')
    .requiredOption('--dataset <name>', 'which data set')
    .requiredOption('--files <folder>', 'holds its files, under their published names')
    .action(async ({ dataset, files }: { dataset: string; files: string }, command: Command) => {
      const { datasets } = await import('../../../datasets/catalogue.ts');
      const name = oneOf('dataset', dataset, Object.keys(datasets));
      for (const file of datasets[name as keyof typeof datasets].files) {
        if (!existsSync(path.join(files, file.name))) {
          throw new UsageError(`--files ${files}: has no ${file.name}, which ${name} is read from`);
        }
      }
      const { benchPrepare } = await import('../../bench/bench-prepare.ts');
      const result = await benchPrepare(name, files);
      printResult(
        command,
        result,
        () =>
          `${result.n} images in ${result.seconds.toFixed(1)} s, ${(result.peakMemoryBytes / 1e6).toFixed(0)} MB at most`,
      );
    });
}
