// A tiny source of views without augmentation code: noisy pictures of a few prototypes, the same for the same epoch.
import type { ViewSource } from '../../learning/views/view-source.ts';
import { Random } from '../../numeric/random.ts';

/** `imageCount` images of `size` pixels, each near one of four prototypes; every epoch shuffles them and draws new noise. */
export function syntheticViews(imageCount: number, batchSize: number, size: number, seed = 1): ViewSource {
  const random = new Random(seed);
  const length = size * size * 3;
  const prototypes = Array.from({ length: 4 }, (_, k) => {
    const stream = random.fork('prototype', k);
    return Float32Array.from({ length }, () => stream.uniform());
  });
  return {
    async *epoch(epoch, firstBatch = 0) {
      const order = random.fork('order', epoch).permutation(imageCount);
      const noise = random.fork('noise', epoch);
      for (let first = 0; first < imageCount; first += batchSize) {
        const n = Math.min(batchSize, imageCount - first);
        const views = new Float32Array(2 * n * length);
        for (let row = 0; row < 2 * n; row++) {
          const prototype = prototypes[order[first + (row % n)] % prototypes.length];
          for (let i = 0; i < length; i++)
            views[row * length + i] = 0.7 * prototype[i] + 0.3 * noise.uniform();
        }
        if (first >= firstBatch * batchSize) yield { views, n };
      }
    },
  };
}
