// tsne: t-SNE of any array, with openTSNE's defaults.
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { fastProducts } from '../../../activities/fast-products.ts';
import { allFinite, type NdArray } from '../../../numeric/arrays/array.ts';
import { effectivePerplexity } from '../../../numeric/tsne/affinities.ts';
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
    .requiredOption('--input <file>', 'points [n, d], .npy or .npz')
    .requiredOption('--output <file>', 'where the embedding [n, 2] is written, .npy')
    .option('--perplexity <number>', 'effective number of neighbours', '30')
    .option('--seed <number>', 'of the jitter on the initialisation', '0')
    .action(async (options: TsneOptions, command: Command) => {
      const perplexity = parseNumber('perplexity', options.perplexity, { least: 1 });
      const seed = parseNumber('seed', options.seed, { integer: true });
      const points = await readPoints(options.input, { least: 1e-12, most: 1e12 }); // neighbours are found in float32
      const started = performance.now();
      const [n, d] = points.shape;
      const possible = effectivePerplexity(perplexity, n).perplexity;
      const lowered = possible < perplexity ? `, perplexity lowered to ${possible.toFixed(2)}` : '';
      const { embedding, klDivergence } = await run(command, points, { perplexity, seed });
      requireFinite(options.input, embedding, klDivergence);
      await writeNpyFile(options.output, embedding);
      const seconds = (performance.now() - started) / 1000;
      printResult(
        command,
        { n, d, klDivergence, perplexity: possible, seconds },
        () =>
          `${options.output}: ${n} points, KL divergence ${klDivergence.toFixed(4)}${lowered}, ${seconds.toFixed(1)} s`,
      );
    });
}

/** What overflowed on the way is no result. */
function requireFinite(input: string, { data }: NdArray, klDivergence: number): void {
  if (allFinite(data) && Number.isFinite(klDivergence)) return;
  throw new UsageError(`${input}: its numbers are too large, too small or too unlike for t-SNE; scale them`);
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
      products: await fastProducts(points.shape),
      onProgress: progress => {
        if (progress.phase !== phase) say(command, progress.phase);
        phase = progress.phase;
      },
    });
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}
