// The search attributes by which runs are found and compared in the Temporal UI.

/** Names and types, as every cell's workflow sets them. */
export const searchAttributes = {
  Experiment: 'Keyword',
  Dataset: 'Keyword',
  Method: 'Keyword',
  Augmentation: 'Keyword',
  CellStatus: 'Keyword',
  Seed: 'Int',
  KnnAccuracy: 'Double',
  Silhouette: 'Double',
} as const;
