// score: the paper's two numbers for any embedding.
import type { Command } from 'commander';
import { knnAccuracy } from '../../../numeric/knn-accuracy.ts';
import { silhouette } from '../../../numeric/silhouette.ts';
import { readLabels, readPoints } from '../npy-files.ts';
import { printResult } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .description('kNN accuracy and silhouette of an embedding')
    .requiredOption('--embedding <file>', 'points [n, d], .npy')
    .requiredOption('--labels <file>', 'whole numbers [n] or [n, 1], .npy')
    .action(async (options: { embedding: string; labels: string }, command: Command) => {
      const embedding = await readPoints(options.embedding);
      const labels = await readLabels(options.labels);
      const [n] = embedding.shape;
      if (labels.length !== n) {
        throw new UsageError(
          `${options.labels}: ${labels.length} labels for the ${n} points of ${options.embedding}`,
        );
      }
      const scores = await scoreOf(embedding, labels);
      printResult(
        command,
        { ...scores, n },
        () =>
          `kNN accuracy ${scores.knn.toFixed(2)} %\nsilhouette   ${scores.silhouette.toFixed(4)}\npoints       ${n}`,
      );
    });
}

async function scoreOf(embedding: Parameters<typeof silhouette>[0], labels: Int32Array) {
  try {
    return { knn: 100 * knnAccuracy(embedding, labels), silhouette: await silhouette(embedding, labels) };
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
