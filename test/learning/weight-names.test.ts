// Whose weights a file holds, whatever its names begin with.
import { expect, it } from 'vitest';
import { resnetTensors } from '../../learning/weights/weight-names.ts';
import { ndarray } from '../../numeric/arrays/array.ts';

const kernel = ndarray(new Float32Array(1), [1, 1, 1, 1]);
const named = (...names: string[]) => new Map(names.map(name => [name, kernel] as const));
const torchvision = ['conv1.weight', 'bn1.weight', 'layer1.0.conv1.weight', 'layer4.1.bn2.bias'];
const below = (prefix: string, names = torchvision) => named(...names.map(name => prefix + name));

it.each(['', 'module.', 'backbone.', 'encoder.', 'state_dict.module.encoder_q.', 'model._orig_mod.'])(
  'finds the network below "%s"',
  prefix => {
    const others = named('optimizer.0.exp_avg', 'head.weight');
    expect([...resnetTensors(new Map([...others, ...below(prefix)])).keys()]).toEqual(
      prefix === '' ? [...others.keys(), ...torchvision] : torchvision,
    );
  },
);

it('names the children of a Sequential', () => {
  const children = ['0.weight', '1.weight', '4.0.conv1.weight', '7.1.bn2.bias'];
  expect([...resnetTensors(below('encoder.', children)).keys()]).toEqual(torchvision);
});

it('asks which one is meant, and says what it looked for', () => {
  const both = new Map([...below('student.'), ...below('teacher.')]);
  expect(() => resnetTensors(both)).toThrow(/networks below "student\.", "teacher\."; say with --prefix/);
  expect([...resnetTensors(both, 'teacher.').keys()]).toEqual(torchvision);
  expect(() => resnetTensors(both, 'pupil.')).toThrow(/networks below/);
  expect(() => resnetTensors(named('patch_embed.proj.weight'))).toThrow(/no ResNet .* patch_embed/);
});
