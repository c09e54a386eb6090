// Every check of the reference vectors by name, each running the code that experiments run.
import { augmentationDistribution } from './augmentation-distribution.ts';
import { augmentations } from './augmentations.ts';
import { borderColour } from './border-colour.ts';
import { cauchyInfoNce } from './cauchy-info-nce.ts';
import { cosineInfoNce } from './cosine-info-nce.ts';
import type { Check } from './golden-case.ts';
import { imageResize } from './image-resize.ts';
import { knnScore } from './knn-score.ts';
import { learningRateSchedule } from './learning-rate-schedule.ts';
import { pcaInitialisation } from './pca-initialisation.ts';
import { resnet18Imagenet } from './resnet18-imagenet.ts';
import { resnet18SmallImages } from './resnet18-small-images.ts';
import { resnet152Imagenet } from './resnet152-imagenet.ts';
import { sgd } from './sgd.ts';
import { silhouette } from './silhouette.ts';
import { simclrTraining } from './simclr-training.ts';
import { stratifiedSplit } from './stratified-split.ts';
import { tSimcneTraining } from './t-simcne-training.ts';
import { tsneAffinities } from './tsne-affinities.ts';
import { tsneGradient } from './tsne-gradient.ts';
import { tsneQuality } from './tsne-quality.ts';

export const checks = {
  'augmentation-distribution': augmentationDistribution,
  augmentations,
  'border-colour': borderColour,
  'cauchy-info-nce': cauchyInfoNce,
  'cosine-info-nce': cosineInfoNce,
  'image-resize': imageResize,
  'knn-score': knnScore,
  'learning-rate-schedule': learningRateSchedule,
  'pca-initialisation': pcaInitialisation,
  'resnet152-imagenet': resnet152Imagenet,
  'resnet18-imagenet': resnet18Imagenet,
  'resnet18-small-images': resnet18SmallImages,
  sgd,
  silhouette,
  'simclr-training': simclrTraining,
  'stratified-split': stratifiedSplit,
  't-simcne-training': tSimcneTraining,
  'tsne-affinities': tsneAffinities,
  'tsne-gradient': tsneGradient,
  'tsne-quality': tsneQuality,
} satisfies Record<string, Check>;
