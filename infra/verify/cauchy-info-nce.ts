// Reference check `cauchy-info-nce`: t-SimCNE's loss and its gradient.
import { cauchyInfoNce as loss } from '../../learning/losses/cauchy-info-nce.ts';
import { evaluateLoss } from '../../learning/losses/contrastive-loss.ts';
import type { Check } from './golden-case.ts';
import { singles } from './typed-inputs.ts';

export const cauchyInfoNce: Check = ({ inputs }) => ({
  ...evaluateLoss(loss, singles(inputs.z)),
});
