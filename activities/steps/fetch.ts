// fetch: the files of a data set, from the first source that has them, checked against their checksums; or images that
// somebody brought, as they are kept.
import { datasetNamed } from '../../datasets/catalogue.ts';
import { bringFiles } from '../bring-files.ts';
import { linkOwnSet } from '../own-sets.ts';
import { type StepWork, typescriptBackend } from '../step-work.ts';

export const fetch: StepWork<'fetch'> = async job => {
  const { dataset: name, content } = job.settings;
  if (content !== undefined) {
    await linkOwnSet(job.store, { name, content }, job.folder);
    return { summary: { sources: { [name]: 'data add' } }, backend: typescriptBackend };
  }
  const dataset = datasetNamed(name);
  const wanted = dataset.files.map(source => ({ source, keptAs: source.name }));
  return { summary: { sources: await bringFiles(wanted, job, { dataset }) }, backend: typescriptBackend };
};
