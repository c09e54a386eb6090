// Times the preparation of a data set from its files, as the step `prepare` does it.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { prepareDataset } from '../../activities/steps/prepare.ts';
import { datasetNamed } from '../../datasets/catalogue.ts';

/**
 * Prepares all images of `name` at their own size, in a folder beside its files that is removed again.
 * @param files the folder that holds the data set's files under their published names; their checksums are not looked at
 */
export async function benchPrepare(name: string, files: string) {
  const dataset = datasetNamed(name);
  const folder = await mkdtemp(path.join(files, 'bench-'));
  try {
    const started = performance.now();
    const { summary } = await prepareDataset(dataset, {
      settings: { dataset: name, imageSize: dataset.imageSize[0], images: 'all', seed: 0 },
      inputs: { files: { step: 'fetch', folder: files } },
      folder,
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    const seconds = (performance.now() - started) / 1000;
    const n = Number(summary.n);
    const peakMemoryBytes = 1024 * process.resourceUsage().maxRSS;
    return { seconds, imagesPerSecond: n / seconds, peakMemoryBytes, n };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
