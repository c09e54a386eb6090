// Reference check `resnet18-imagenet`: features of the pretrained baseline's network.
import type { Check } from './golden-case.ts';
import { pretrainedCheck } from './pretrained-check.ts';

export const resnet18Imagenet: Check = pretrainedCheck('resnet18');
