// Reference check `border-colour`: what rotated corners are filled with.
import { borderColour as colourOf, fillColour } from '../../datasets/border-colour.ts';
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { Check } from './golden-case.ts';

export const borderColour: Check = ({ inputs }) => {
  const colour = colourOf(inputs.images as NdArray<Uint8Array>);
  return { colour, fill: fillColour(colour) };
};
