// Golden check: the silhouette of an embedding.
import { silhouette as score } from '../../numeric/scores/silhouette.ts';
import type { Check } from './golden-case.ts';
import { floats } from './typed-inputs.ts';

export const silhouette: Check = async ({ inputs }) => ({
  silhouette: await score(floats(inputs.embedding), inputs.labels.data),
});
