// Reference check `resnet152-imagenet`: features of the pretrained baseline's network.
import type { Check } from './golden-case.ts';
import { pretrainedCheck } from './pretrained-check.ts';

export const resnet152Imagenet: Check = pretrainedCheck('resnet152');
