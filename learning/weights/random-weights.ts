// Seeded weights of a pretrained network's true size: what its steps take, where the real file cannot be had.
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { Random } from '../../numeric/random.ts';
import { drawnWeights } from '../networks/weight.ts';
import { type PretrainedName, PretrainedNetwork } from '../pretrained-features.ts';
import type { NamedTensors } from './named-tensors.ts';

/** Every tensor of the network under torchvision's name, drawn as it would be before training. */
export function randomWeights(name: PretrainedName, random: Random): NamedTensors {
  const draw = drawnWeights(random);
  const tensors = new Map<string, NdArray<Float32Array>>();
  const network = new PretrainedNetwork(name, (tensor, shape, initial) => {
    const values = draw(tensor, shape, initial);
    tensors.set(tensor, values);
    return values;
  });
  network.dispose();
  return tensors;
}
