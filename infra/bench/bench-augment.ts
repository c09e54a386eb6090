// Times the augmentation as training does it: batches of views from worker threads.
import type { AugmentationSet } from '../../experiments/names.ts';
import { openViews } from '../../learning/views/view-source.ts';
import { fill, noiseImages } from './bench-data.ts';

/** Views per second, after a first epoch that starts the threads. */
export async function benchAugment(n: number, threads: number, set: AugmentationSet) {
  const images = noiseImages(2048, 28);
  const views = openViews({ images, set, fill, batchSize: 512, seed: 0, threads });
  try {
    for await (const _ of views.epoch(0)); // starts the threads, compiles the code
    let made = 0;
    const started = performance.now();
    for (let epoch = 1; made < n; epoch++) {
      for await (const batch of views.epoch(epoch)) made += 2 * batch.n;
    }
    return { viewsPerSecond: (1000 * made) / (performance.now() - started) };
  } finally {
    await views.close();
  }
}
