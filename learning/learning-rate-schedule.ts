// The learning rate of every epoch: linear warm-up from 0, then half a cosine (the authors' lrschedule.py, `CosineAnnealingSchedule`).

/**
 * The rates at which epochs 0 … `epochs` − 1 are trained: the first `epochs` of `warmUp` values evenly spaced from 0 to `peak`, both
 * ends included, followed by peak / 2 · (1 + cos(π i / D)), i = 0 … D − 1, D = 1 + epochs − warmUp. So a warm-up begins with an
 * epoch at rate 0, the peak is reached twice, and 0 is not reached at the end.
 */
export function learningRateSchedule(peak: number, epochs: number, warmUp: number): Float64Array {
  const decay = 1 + epochs - warmUp;
  return Float64Array.from({ length: epochs }, (_, epoch) => {
    if (epoch < warmUp) return warmUp === 1 ? 0 : (peak * epoch) / (warmUp - 1);
    return (peak / 2) * (1 + Math.cos((Math.PI * (epoch - warmUp)) / decay));
  });
}
