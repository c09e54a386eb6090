// The columns by which cells are compared in the Temporal UI.
import { defineSearchAttributeKey } from '@temporalio/common';

export const attributes = {
  experiment: defineSearchAttributeKey('Experiment', 'KEYWORD'),
  dataset: defineSearchAttributeKey('Dataset', 'KEYWORD'),
  method: defineSearchAttributeKey('Method', 'KEYWORD'),
  augmentation: defineSearchAttributeKey('Augmentation', 'KEYWORD'),
  status: defineSearchAttributeKey('CellStatus', 'KEYWORD'),
  seed: defineSearchAttributeKey('Seed', 'INT'),
  knn: defineSearchAttributeKey('KnnAccuracy', 'DOUBLE'),
  silhouette: defineSearchAttributeKey('Silhouette', 'DOUBLE'),
};
