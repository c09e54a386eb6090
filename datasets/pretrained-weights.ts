// The ImageNet-pretrained networks of the paper: torchvision's IMAGENET1K_V1 weights, as safetensors with torchvision's names.
import type { SourceFile } from './fetching/source-file.ts';

const hub = 'https://huggingface.co/timm';

// The ports of the `tv_in1k` recipe hold torchvision's own numbers; other recipes of the same name do not.
export const pretrainedWeights = {
  resnet18: {
    name: 'resnet18.safetensors',
    bytes: 46807446,
    sha256: '694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81',
    firstBytes: 'safetensors',
    sources: [
      {
        kind: 'url',
        url: `${hub}/resnet18.tv_in1k/resolve/a987fd6b60f845221bfff84b6f0191273ba56ead/model.safetensors`,
      },
    ],
  },
  resnet152: {
    name: 'resnet152.safetensors',
    sha256: '15897077afdf4d6334dc0c3f8e6fb483afb3faa9298c139f3c6eb29bca6ae5b2',
    firstBytes: 'safetensors',
    sources: [
      {
        kind: 'url',
        url: `${hub}/resnet152.tv_in1k/resolve/1f8fa579af406a6f10e457a6dce6909c9157a70f/model.safetensors`,
      },
    ],
  },
} satisfies Record<string, SourceFile>;

export type PretrainedNetwork = keyof typeof pretrainedWeights;
