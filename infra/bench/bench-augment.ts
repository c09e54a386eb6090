// Times the augmentation as training does it: batches of views from worker threads.
import type { AugmentationSet } from '../../learning/augmentations/augmentation-set.ts';
import { openViews } from '../../learning/views/view-source.ts';
import { fill, noiseImages } from './bench-data.ts';

/** Views per second, after a first epoch that starts the threads; also per second of computing, which a busy machine hardly changes. */
export async function benchAugment(n: number, threads: number, set: AugmentationSet) {
  const images = noiseImages(2048, 28);
  const views = openViews({ images, set, fill, batchSize: 512, seed: 0, threads });
  try {
    for await (const _ of views.epoch(0)); // starts the threads, compiles the code
    let made = 0;
    const started = performance.now();
    const before = process.cpuUsage();
    for (let epoch = 1; made < n; epoch++) {
      for await (const batch of views.epoch(epoch)) made += 2 * batch.n;
    }
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    return { viewsPerSecond: made / seconds, viewsPerCpuSecond: (1e6 * made) / (user + system) };
  } finally {
    await views.close();
  }
}
