// Counted arithmetic against published counts of the same networks.
import { expect, it } from 'vitest';
import { gpuOperations } from '../../activities/forecast.ts';
import { gpuForecast } from '../../activities/gpu-forecast.ts';
import {
  backboneMultiplyAdds,
  pretrainedMultiplyAdds,
  trainingOperations,
} from '../../activities/network-arithmetic.ts';
import { experiments } from '../../experiments/catalogue.ts';
import { cellsOf } from '../../experiments/experiment.ts';

it('counts ResNet18 at 224×224 as torchvision documents it: 1.81 thousand million multiply-adds', () => {
  expect(backboneMultiplyAdds({ stem: 'imagenet', width: 64 }, 224)).toBeCloseTo(
    pretrainedMultiplyAdds.resnet18,
    -7,
  );
});

it('counts the small-image ResNet18 at 32×32 by hand: 555.4 million', () => {
  // stem 1.77, layer 1: 4 × 37.75, layers 2 to 4 each 18.87 + 3 × 37.75 + 2.10 for the shortcut
  const byHand = 1.769472e6 + 4 * 37.748736e6 + 3 * (18.874368e6 + 3 * 37.748736e6 + 2.097152e6);
  expect(backboneMultiplyAdds({ stem: 'small', width: 64 }, 32)).toBe(byHand);
});

it('takes forward and backward for two views as six passes, and a frozen stage as two', () => {
  const network = { stem: 'small', width: 16 } as const;
  const all = trainingOperations(network, 28, { train: 'all', outputDimension: 2 });
  expect(all / trainingOperations(network, 28, { train: 'last-layer', outputDimension: 2 })).toBe(3);
});

it('forecasts the GPU hours of the whole paper from its sizes: 2.7e19 operations', () => {
  const todo = cellsOf(experiments.paper).flatMap(cell => cell.steps.map(step => ({ cell, step })));
  const { operations, hours, gpu } = gpuForecast(todo);
  // 152,652 small images × 3 seeds × 3 sets × 2,450 full epochs and 327,680 large × 3 × 2,450, ~0.43e9 and ~0.33e9 multiply-adds, × 12
  const byHand = 12 * 2450 * 3 * (3 * 152_652 * 0.43e9 + 327_680 * 0.335e9);
  expect(operations / byHand).toBeGreaterThan(0.97);
  expect(operations / byHand).toBeLessThan(1.05);
  expect(hours).toBeCloseTo(operations / (0.25 * 38.7e12) / 3600, 6);
  expect(gpu).toMatch(/A6000/);
  expect(gpuOperations(todo[0].cell, { step: 'fetch', settings: { dataset: 'leukemia' }, inputs: {} })).toBe(
    0,
  );
});
