// The names that address a cell: methods and augmentation sets, as the paper orders them.

export const methods = ['t-simcne', 'simclr-tsne', 'pixels-tsne', 'resnet18-tsne', 'resnet152-tsne'] as const;
export type Method = (typeof methods)[number];

/** Methods that train a network: these have augmentation sets and seeds. */
export const trainedMethods = ['t-simcne', 'simclr-tsne'] as const;
export type TrainedMethod = (typeof trainedMethods)[number];

export const augmentationSets = ['default', 'rot90', 'randrot'] as const;
export type PaperSet = (typeof augmentationSets)[number];

/** Whether a set is one of the paper's, which have names alone. */
export function isOfPaper(set: string): set is PaperSet {
  return (augmentationSets as readonly string[]).includes(set);
}

export function isTrained(method: Method): method is TrainedMethod {
  return (trainedMethods as readonly string[]).includes(method);
}
