// score: the paper's two numbers for any embedding.
import type { Command } from 'commander';
import { knnAccuracy } from '../../../numeric/scores/knn-accuracy.ts';
import { silhouette } from '../../../numeric/scores/silhouette.ts';
import { readLabelledPoints } from '../npy-files.ts';
import { printResult } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .description('kNN accuracy and silhouette of an embedding')
    .requiredOption('--embedding <file>', 'points [n, d], .npy or .npz')
    .requiredOption('--labels <file>', 'whole numbers or words [n], one-hot rows [n, classes]; .npy or .npz')
    .action(async (options: { embedding: string; labels: string }, command: Command) => {
      const { points, labels, unlabelled } = await readLabelledPoints(options.embedding, options.labels);
      const n = labels.length;
      const scores = await scoreOf(points, labels);
      const rest = unlabelled > 0 ? `, and ${unlabelled} without a class, which are left out` : '';
      printResult(
        command,
        { ...scores, n, unlabelled },
        () =>
          `kNN accuracy ${scores.knn.toFixed(2)} %\nsilhouette   ${scores.silhouette.toFixed(4)}\npoints       ${n}${rest}`,
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
