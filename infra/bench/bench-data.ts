// Something to time on, where nothing is given: images of noise, points in clusters.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';

/** `[n, size, size, 3]`: what is in them does not change how long they take. */
export function noiseImages(n: number, size: number): NdArray<Uint8Array> {
  const random = new Random(0).fork('noise', n, size);
  return ndarray(
    Uint8Array.from({ length: n * size * size * 3 }, () => random.bits() >>> 24),
    [n, size, size, 3],
  );
}

/** Points `[n, d]` of Gaussian clusters, a class each. */
export function clusters(
  n: number,
  d: number,
  classes: number,
): { points: NdArray<Float32Array>; labels: Int32Array } {
  const random = new Random(0).fork('clusters', n, d);
  const centres = Array.from({ length: classes * d }, () => 4 * random.normal());
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  const data = Float32Array.from({ length: n * d }, (_, i) => {
    const label = labels[Math.floor(i / d)];
    return centres[label * d + (i % d)] + random.normal();
  });
  return { points: ndarray(data, [n, d]), labels };
}

/** The border colour that views are filled with: no matter which. */
export const fill = [230, 220, 220] as const;
