// The data that the first `npm start` would else wait for, brought by set-up, so that no more network is needed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { datasetNamed } from '../datasets/catalogue.ts';
import { fetchFile } from '../datasets/fetching/fetch-file.ts';
import { quick } from '../experiments/quick.ts';
import { downloadsFolder } from './home.ts';
import type { Progress } from './setup/python-wheel.ts';

/** Downloads what `quick` trains on, where it is not in the folder. Where that fails, it is said: the run itself will try again. */
export async function downloadFirstData(progress: Progress, folder = downloadsFolder()): Promise<void> {
  for (const file of quick.datasets.flatMap(({ dataset }) => datasetNamed(dataset).files)) {
    if (existsSync(path.join(folder, file.name))) continue;
    progress(`${file.name}: downloading`);
    try {
      const { source } = await fetchFile(file, path.join(folder, file.name));
      progress(`${file.name} is ready, from ${source}`);
    } catch (error) {
      progress(`${file.name} is not here yet, "npm start" will try again: ${(error as Error).message}`);
    }
  }
}
