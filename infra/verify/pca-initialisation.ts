// Golden check: the positions that t-SNE starts from.
import { pcaInitialisation as initialise } from '../../numeric/tsne/initialisation/initialisation.ts';
import type { Check } from './golden-case.ts';
import { numbers } from './typed-inputs.ts';

export const pcaInitialisation: Check = async ({ inputs }) => ({
  initialisation: await initialise(numbers(inputs.x)),
});
