// fetch: the files of a data set, from the first source that has them, checked against their checksums; or images that
// somebody brought, as they are kept.
import { mkdir, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { datasetNamed } from '../../datasets/catalogue.ts';
import { fetchFile } from '../../datasets/fetch-file.ts';
import type { SourceFile } from '../../datasets/source-file.ts';
import { linkOwnSet } from '../own-sets.ts';
import { type StepJob, type StepWork, typescriptBackend } from '../step-work.ts';

export const fetch: StepWork<'fetch'> = async job => {
  const { dataset: name, content } = job.settings;
  if (content !== undefined) {
    await linkOwnSet(job.store, { name, content }, job.folder);
    return { summary: { sources: { [name]: 'data add' } }, backend: typescriptBackend };
  }
  const sources: Record<string, string> = {};
  for (const file of datasetNamed(name).files) {
    sources[file.name] = await download(file, path.join(job.folder, file.name), job);
  }
  return { summary: { sources }, backend: typescriptBackend };
};

/** Downloads beside the checkpoints, so that a later attempt goes on where this one was cut off; then moves the file. */
export async function download(
  file: SourceFile,
  target: string,
  { checkpointFolder, signal, onProgress }: Pick<StepJob, 'checkpointFolder' | 'signal' | 'onProgress'>,
): Promise<string> {
  await mkdir(checkpointFolder, { recursive: true });
  const arriving = path.join(checkpointFolder, file.name);
  const { source } = await fetchFile(file, arriving, {
    signal,
    onProgress: ({ source: from, bytes, total }) =>
      onProgress({ text: `${file.name} from ${from}`, fraction: total ? bytes / total : undefined }),
  });
  await rename(arriving, target);
  await rmdir(checkpointFolder).catch(() => {}); // not empty where other files of the data set still arrive
  return source;
}
