// fetch-weights: a pretrained network's weights; or seeded random ones of the true size, where an experiment says so.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pretrainedWeights } from '../../datasets/pretrained-weights.ts';
import { encodeSafetensors } from '../../learning/weights/safetensors.ts';
import { Random } from '../../numeric/random.ts';
import { weightsFile } from '../artifact-files.ts';
import { bringFiles } from '../bring-files.ts';
import { type StepWork, typescriptBackend } from '../step-work.ts';

export const fetchWeights: StepWork<'fetch-weights'> = async job => {
  const { network, weights } = job.settings;
  if (weights === 'random') {
    const { randomWeights } = await import('../../learning/weights/random-weights.ts'); // with TensorFlow, which published weights do not need
    const target = path.join(job.folder, weightsFile);
    await writeFile(target, encodeSafetensors(randomWeights(network, new Random(0))));
    return { summary: { source: 'seeded random numbers' }, backend: typescriptBackend };
  }
  const file = pretrainedWeights[network];
  const sources = await bringFiles([{ source: file, keptAs: weightsFile }], job);
  return { summary: { source: sources[file.name] }, backend: typescriptBackend };
};
