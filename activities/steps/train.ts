// train: a network through its stages, with checkpoints that any later attempt goes on from.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { paperSet } from '../../learning/augmentations/augmentation-set.ts';
import { backendName } from '../../learning/tensorflow/backend.ts';
import { train as trainNetwork } from '../../learning/training.ts';
import { openViews } from '../../learning/views/view-source.ts';
import { encodeSafetensors } from '../../learning/weights/safetensors.ts';
import { median } from '../../numeric/median.ts';
import { networkFile, PreparedDataset, snapshotFile, type TrainingCurves } from '../artifact-files.ts';
import { type Checkpoints, openCheckpoints } from '../checkpoints.ts';
import { imageFile, type StepJob, type StepWork } from '../step-work.ts';
import { openTrainingSoFar } from '../training-so-far.ts';

export const train: StepWork<'train'> = async job => {
  const { settings, inputs, folder, signal, onProgress } = job;
  const images = imageFile(inputs.images);
  const dataset = PreparedDataset.parse(
    JSON.parse(await readFile(path.join(inputs.images.folder, 'dataset.json'), 'utf8')),
  );
  const checkpoints = openCheckpoints(job.checkpointFolder, {
    after: job.checkpointsAfter,
    interval: job.checkpointInterval,
    snapshotEvery: settings.snapshotEvery,
    onEvent: job.onCheckpoint,
  });
  const views = openViews({
    images,
    set: settings.operations ?? paperSet(settings.augmentation),
    fill: dataset.borderColour,
    batchSize: settings.batchSize,
    seed: settings.seed,
    threads: job.threads,
  });
  const rates: number[] = [];
  const stages = settings.stages.map(({ name, epochs }) => ({ name, epochs }));
  const resumeFrom = await checkpoints.latest();
  const soFar = openTrainingSoFar(job.checkpointFolder, stages, resumeFrom);
  if (resumeFrom) onProgress({ text: `going on from epoch ${resumeFrom.epoch}, batch ${resumeFrom.batch}` });
  try {
    const trained = await trainNetwork(
      { imageSize: dataset.imageSize, imageCount: images.shape[0], views, settings },
      {
        signal,
        resumeFrom,
        onState: checkpoints.offer,
        onAbort: checkpoints.write,
        onEpoch: progress => {
          const { epoch, loss, learningRate, samplesPerSecond } = progress;
          rates.push(samplesPerSecond);
          soFar.add(progress);
          onProgress({
            fraction: epoch / progress.epochs,
            text: `epoch ${epoch}/${progress.epochs} (${progress.stage}), loss ${loss.toFixed(3)}, ${samplesPerSecond.toFixed(0)} images/s`,
            secondsLeft: progress.secondsLeft,
            numbers: { epoch, loss, learningRate, samplesPerSecond },
          });
        },
      },
    );
    const curves: TrainingCurves = {
      losses: trained.losses,
      learningRates: trained.learningRates,
      stages,
    };
    await writeFile(path.join(folder, networkFile), encodeSafetensors(trained.weights));
    await writeFile(path.join(folder, 'training.json'), JSON.stringify(curves));
    await writeSnapshots(checkpoints, job);
    return {
      summary: { finalLoss: trained.losses.at(-1), samplesPerSecond: median(rates) ?? 0 },
      backend: backendName,
    };
  } finally {
    await views.close();
  }
};

/** Where a snapshot is not whole, this attempt ends, and the next one goes on from before it. */
async function writeSnapshots(
  checkpoints: Checkpoints,
  { settings, folder }: StepJob<'train'>,
): Promise<void> {
  const { stages, snapshotEvery } = settings;
  if (snapshotEvery === undefined) return;
  await mkdir(path.dirname(path.join(folder, snapshotFile(0))), { recursive: true });
  let last = 0;
  for await (const { epoch, weights } of checkpoints.snapshots()) {
    await writeFile(path.join(folder, snapshotFile(epoch)), encodeSafetensors(weights));
    last = epoch;
  }
  const epochs = stages.reduce((sum, stage) => sum + stage.epochs, 0);
  if (last + snapshotEvery <= epochs) {
    throw new Error(
      `training: the snapshot of epoch ${last + snapshotEvery} was damaged or removed meanwhile`,
    );
  }
}
