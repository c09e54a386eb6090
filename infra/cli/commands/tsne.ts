// tsne: t-SNE of any array, with openTSNE's defaults.
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { fastProducts } from '../../../activities/fast-products.ts';
import type { tsne as reduce } from '../../../numeric/tsne/tsne.ts';
import { parseNumber, readPoints, writeNpyFile } from '../npy-files.ts';
import { printResult, say } from '../output.ts';
import { UsageError } from '../usage-error.ts';

interface TsneOptions {
  input: string;
  output: string;
  perplexity: string;
  seed: string;
}

export function addTsneCommand(program: Command): void {
  program
    .command('tsne')
    .description('t-SNE to two dimensions')
    .requiredOption('--input <file>', 'points [n, d], .npy')
    .requiredOption('--output <file>', 'where the embedding [n, 2] is written, .npy')
    .option('--perplexity <number>', 'effective number of neighbours', '30')
    .option('--seed <number>', 'of the jitter on the initialisation', '0')
    .action(async (options: TsneOptions, command: Command) => {
      const perplexity = parseNumber('perplexity', options.perplexity, { least: 1 });
      const seed = parseNumber('seed', options.seed, { integer: true });
      const points = await readPoints(options.input);
      const started = performance.now();
      const { embedding, klDivergence } = await run(command, points, { perplexity, seed });
      await writeNpyFile(options.output, embedding);
      const [n, d] = points.shape;
      const seconds = (performance.now() - started) / 1000;
      printResult(
        command,
        { n, d, klDivergence, seconds },
        () =>
          `${options.output}: ${n} points, KL divergence ${klDivergence.toFixed(4)}, ${seconds.toFixed(1)} s`,
      );
    });
}

async function run(
  command: Command,
  points: Parameters<typeof reduce>[0],
  settings: { perplexity: number; seed: number },
) {
  let phase = '';
  try {
    const { tsne } = await import('../../../numeric/tsne/tsne.ts');
    return await tsne(points, settings, {
      threads: availableParallelism(),
      products: await fastProducts(points.shape[0]),
      onProgress: progress => {
        if (progress.phase !== phase) say(command, progress.phase);
        phase = progress.phase;
      },
    });
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
