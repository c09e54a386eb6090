// Reference check `cosine-info-nce`: SimCLR's loss and its gradient.
import { z } from 'zod';
import { evaluateLoss } from '../../learning/losses/contrastive-loss.ts';
import { cosineInfoNce as loss } from '../../learning/losses/cosine-info-nce.ts';
import type { Check } from './golden-case.ts';
import { singles } from './typed-inputs.ts';

const Parameters = z.object({ temperature: z.number() });

export const cosineInfoNce: Check = ({ inputs, parameters }) => {
  const { temperature } = Parameters.parse(parameters);
  return { ...evaluateLoss(output => loss(output, temperature), singles(inputs.z)) };
};
