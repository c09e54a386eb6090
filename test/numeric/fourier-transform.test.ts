import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { FourierTransform, transformLengthFor } from '../../numeric/tsne/repulsion/fourier-transform.ts';

test.each([1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 36, 54, 64, 96])(
  'length %i: the sum that defines it, and back',
  length => {
    const random = new Random(length);
    const signal = Array.from({ length }, () => [random.normal(), random.normal()]);
    const real = Float64Array.from(signal, ([value]) => value);
    const imaginary = Float64Array.from(signal, ([, value]) => value);
    const transform = new FourierTransform(length);
    transform.forward(real, imaginary);
    for (let k = 0; k < length; k++) {
      let [sumReal, sumImaginary] = [0, 0];
      signal.forEach(([a, b], t) => {
        const angle = (-2 * Math.PI * k * t) / length;
        sumReal += a * Math.cos(angle) - b * Math.sin(angle);
        sumImaginary += a * Math.sin(angle) + b * Math.cos(angle);
      });
      expect(real[k]).toBeCloseTo(sumReal, 10);
      expect(imaginary[k]).toBeCloseTo(sumImaginary, 10);
    }
    transform.inverse(real, imaginary);
    signal.forEach(([a, b], t) => {
      expect(real[t] / length).toBeCloseTo(a, 12);
      expect(imaginary[t] / length).toBeCloseTo(b, 12);
    });
  },
);

test('lengths with other factors are refused, and the next good one is found', () => {
  expect(() => new FourierTransform(20)).toThrow('length 20 has a prime factor above 3');
  expect([1, 4, 5, 97, 433].map(transformLengthFor)).toEqual([4, 4, 8, 108, 512]);
});
