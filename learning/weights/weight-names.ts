// Whose weights a file holds: wrappers put words before torchvision's names (`module.`, `backbone.`, `state_dict.encoder_q.`).
import { type NamedTensors, WrongWeights } from './named-tensors.ts';

/**
 * The tensors of the one ResNet in a file, by torchvision's names: without what stands before them, and those of a
 * `Sequential` of its children (`0`, `1`, `4` … `7`) named.
 * @param prefix which of several networks is meant
 * @throws WrongWeights where there is none, or several and none is chosen
 */
export function resnetTensors(tensors: NamedTensors, prefix?: string): NamedTensors {
  const prefixes = [...tensors.keys()].flatMap(name =>
    isFirstLayer(name, tensors) ? [name.replace(firstLayer, '')] : [],
  );
  const chosen = prefix === undefined ? (prefixes.length === 1 ? prefixes[0] : undefined) : prefix;
  if (chosen === undefined || !prefixes.includes(chosen)) {
    const [first = 'nothing'] = tensors.keys();
    throw new WrongWeights(
      prefixes.length === 0
        ? `no ResNet with torchvision's names (conv1.weight, layer1.0.conv1.weight, …) among its ${tensors.size} tensors, of which the first is ${first}; rename them in its state_dict()`
        : `holds networks below ${prefixes.map(one => JSON.stringify(one)).join(', ')}; say with --prefix which one is meant`,
    );
  }
  const own = [...tensors].filter(([name]) => name.startsWith(chosen));
  const isSequential = !tensors.has(`${chosen}conv1.weight`);
  return new Map(
    own.map(([name, tensor]) => {
      const rest = name.slice(chosen.length);
      return [isSequential ? childName(rest) : rest, tensor] as const;
    }),
  );
}

const firstLayer = /(conv1|0)\.weight$/;

/** Whether a tensor is a ResNet's first convolution, behind which its first block follows. */
function isFirstLayer(name: string, tensors: NamedTensors): boolean {
  const [layer, kind] = firstLayer.exec(name) ?? [];
  if (layer === undefined || tensors.get(name)?.shape.length !== 4) return false;
  const prefix = name.slice(0, -layer.length);
  return tensors.has(`${prefix}${kind === '0' ? '4' : 'layer1'}.0.conv1.weight`);
}

const children: Record<string, string> = {
  0: 'conv1',
  1: 'bn1',
  4: 'layer1',
  5: 'layer2',
  6: 'layer3',
  7: 'layer4',
};

function childName(name: string): string {
  return name.replace(/^\d+(?=\.)/, child => children[child] ?? child);
}
