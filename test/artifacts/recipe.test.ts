import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, firstDifference, keyOf } from '../../artifacts/recipe.ts';

const recipe = {
  step: 'train',
  version: 1,
  settings: { seed: 1, network: { width: 16, stem: 'small' } },
  inputs: { images: 'abc' },
};

describe('keyOf', () => {
  it('does not depend on the order in which members were written', () => {
    const { inputs, settings, version, step } = recipe;
    const { network, seed } = settings;
    const other = {
      inputs,
      settings: { network: { stem: network.stem, width: network.width }, seed },
      version,
      step,
    };
    expect(keyOf(other)).toBe(keyOf(recipe));
  });

  it.each([
    ['settings', { ...recipe, settings: { ...recipe.settings, seed: 2 } }],
    ['version', { ...recipe, version: 2 }],
    ['inputs', { ...recipe, inputs: { images: 'abd' } }],
    ['step', { ...recipe, step: 'embed' }],
  ])('depends on %s', (_part, other) => {
    expect(keyOf(other)).not.toBe(keyOf(recipe));
  });
});

describe('canonicalJson', () => {
  it('is JSON that reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('firstDifference', () => {
  it('names the place by its path', () => {
    const other = { ...recipe, settings: { ...recipe.settings, network: { width: 32, stem: 'small' } } };
    expect(firstDifference(recipe, other)).toBe('settings.network.width');
    expect(firstDifference(recipe, { ...recipe })).toBeUndefined();
  });
});
