// tsne: points of any dimension to two, with openTSNE's defaults.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asRows, type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { completeSettings } from '../../numeric/tsne/settings.ts';
import { tsne as reduce, type TsneProgress } from '../../numeric/tsne/tsne.ts';
import { fastProducts } from '../fast-products.ts';
import { readArray, type StepWork, typescriptBackend } from '../step-work.ts';

export const tsne: StepWork<'tsne'> = async job => {
  const { inputs, folder, threads, signal, onProgress } = job;
  const { of, ...settings } = job.settings;
  const points = pointsOf(await readArray(inputs.points, of && 'features.npy'));
  const { embedding, klDivergence } = await reduce(points, settings, {
    threads,
    signal,
    products: await fastProducts(points.shape),
    onProgress: progress =>
      onProgress({
        fraction: fractionOf(progress, completeSettings(settings)),
        text: `${progress.phase} ${progress.iteration}/${progress.iterations}`,
      }),
  });
  await writeFile(path.join(folder, 'embedding.npy'), encodeNpy(embedding));
  const [n, dimension] = points.shape;
  return { summary: { n, dimension, klDivergence }, backend: typescriptBackend };
};

/** Of all iterations; neighbours are found before, and take a time of their own. */
function fractionOf(
  { phase, iteration }: TsneProgress,
  { earlyExaggerationIterations, iterations }: ReturnType<typeof completeSettings>,
): number | undefined {
  if (phase === 'neighbours') return undefined;
  const before = phase === 'optimisation' ? earlyExaggerationIterations : 0;
  return (before + iteration) / (earlyExaggerationIterations + iterations);
}

/** What t-SNE takes: rows of numbers (images become rows of pixel levels). */
function pointsOf({ data, shape }: NdArray): NdArray<Float32Array | Float64Array | Uint8Array> {
  return asRows(ndarray(data instanceof Int32Array ? Float64Array.from(data) : data, shape));
}
