// Discrete Fourier transforms of lengths 2^a 3^b: Stockham's algorithm, which needs no reordering at the end.

const radices = [4, 3, 2];

/**
 * The transform of one length; it keeps its own tables and scratch space, so that transforms allocate
 * nothing.
 */
export class FourierTransform {
  readonly length: number;
  readonly #factors: readonly number[];
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #scratchReal: Float64Array;
  readonly #scratchImaginary: Float64Array;

  /** Throws `RangeError` for lengths with prime factors above 3. */
  constructor(length: number) {
    this.length = length;
    this.#factors = factorise(length);
    this.#cosines = Float64Array.from({ length }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.#sines = Float64Array.from({ length }, (_, k) => -Math.sin((2 * Math.PI * k) / length));
    this.#scratchReal = new Float64Array(length);
    this.#scratchImaginary = new Float64Array(length);
  }

  /** Replaces z by Σ_t z_t exp(−2πi k t / length). */
  forward(real: Float64Array, imaginary: Float64Array): void {
    let [fromReal, fromImaginary] = [real, imaginary];
    let [toReal, toImaginary] = [this.#scratchReal, this.#scratchImaginary];
    let stride = 1;
    for (const radix of this.#factors) {
      if (radix === 4) this.#passOfFour(stride, fromReal, fromImaginary, toReal, toImaginary);
      else if (radix === 3) this.#passOfThree(stride, fromReal, fromImaginary, toReal, toImaginary);
      else this.#passOfTwo(stride, fromReal, fromImaginary, toReal, toImaginary);
      [fromReal, fromImaginary, toReal, toImaginary] = [toReal, toImaginary, fromReal, fromImaginary];
      stride *= radix;
    }
    if (fromReal !== real) {
      real.set(fromReal);
      imaginary.set(fromImaginary);
    }
  }

  /** The inverse of `forward`, times `length`. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    this.forward(imaginary, real);
  }

  #passOfFour(
    stride: number,
    fromReal: Float64Array,
    fromImaginary: Float64Array,
    toReal: Float64Array,
    toImaginary: Float64Array,
  ): void {
    const quarter = this.length >> 2;
    const groups = quarter / stride;
    for (let group = 0; group < groups; group++) {
      const angle = group * stride;
      const c1 = this.#cosines[angle];
      const s1 = this.#sines[angle];
      const c2 = this.#cosines[2 * angle];
      const s2 = this.#sines[2 * angle];
      const c3 = this.#cosines[3 * angle];
      const s3 = this.#sines[3 * angle];
      const end = (group + 1) * stride;
      for (let from = group * stride, to = 4 * group * stride; from < end; from++, to++) {
        const r0 = fromReal[from] + fromReal[from + 2 * quarter];
        const i0 = fromImaginary[from] + fromImaginary[from + 2 * quarter];
        const r1 = fromReal[from] - fromReal[from + 2 * quarter];
        const i1 = fromImaginary[from] - fromImaginary[from + 2 * quarter];
        const r2 = fromReal[from + quarter] + fromReal[from + 3 * quarter];
        const i2 = fromImaginary[from + quarter] + fromImaginary[from + 3 * quarter];
        const r3 = fromReal[from + quarter] - fromReal[from + 3 * quarter];
        const i3 = fromImaginary[from + quarter] - fromImaginary[from + 3 * quarter];
        toReal[to] = r0 + r2;
        toImaginary[to] = i0 + i2;
        toReal[to + stride] = c1 * (r1 + i3) - s1 * (i1 - r3);
        toImaginary[to + stride] = c1 * (i1 - r3) + s1 * (r1 + i3);
        toReal[to + 2 * stride] = c2 * (r0 - r2) - s2 * (i0 - i2);
        toImaginary[to + 2 * stride] = c2 * (i0 - i2) + s2 * (r0 - r2);
        toReal[to + 3 * stride] = c3 * (r1 - i3) - s3 * (i1 + r3);
        toImaginary[to + 3 * stride] = c3 * (i1 + r3) + s3 * (r1 - i3);
      }
    }
  }

  #passOfThree(
    stride: number,
    fromReal: Float64Array,
    fromImaginary: Float64Array,
    toReal: Float64Array,
    toImaginary: Float64Array,
  ): void {
    const third = this.length / 3;
    const groups = third / stride;
    for (let group = 0; group < groups; group++) {
      const angle = group * stride;
      const c1 = this.#cosines[angle];
      const s1 = this.#sines[angle];
      const c2 = this.#cosines[2 * angle];
      const s2 = this.#sines[2 * angle];
      const end = (group + 1) * stride;
      for (let from = group * stride, to = 3 * group * stride; from < end; from++, to++) {
        const sumReal = fromReal[from + third] + fromReal[from + 2 * third];
        const sumImaginary = fromImaginary[from + third] + fromImaginary[from + 2 * third];
        const differenceReal = sineOfThird * (fromReal[from + third] - fromReal[from + 2 * third]);
        const differenceImaginary =
          sineOfThird * (fromImaginary[from + third] - fromImaginary[from + 2 * third]);
        const middleReal = fromReal[from] - 0.5 * sumReal;
        const middleImaginary = fromImaginary[from] - 0.5 * sumImaginary;
        const r1 = middleReal + differenceImaginary;
        const i1 = middleImaginary - differenceReal;
        const r2 = middleReal - differenceImaginary;
        const i2 = middleImaginary + differenceReal;
        toReal[to] = fromReal[from] + sumReal;
        toImaginary[to] = fromImaginary[from] + sumImaginary;
        toReal[to + stride] = c1 * r1 - s1 * i1;
        toImaginary[to + stride] = c1 * i1 + s1 * r1;
        toReal[to + 2 * stride] = c2 * r2 - s2 * i2;
        toImaginary[to + 2 * stride] = c2 * i2 + s2 * r2;
      }
    }
  }

  #passOfTwo(
    stride: number,
    fromReal: Float64Array,
    fromImaginary: Float64Array,
    toReal: Float64Array,
    toImaginary: Float64Array,
  ): void {
    const half = this.length >> 1;
    const groups = half / stride;
    for (let group = 0; group < groups; group++) {
      const cosine = this.#cosines[group * stride];
      const sine = this.#sines[group * stride];
      const end = (group + 1) * stride;
      for (let from = group * stride, to = 2 * group * stride; from < end; from++, to++) {
        const real = fromReal[from] - fromReal[from + half];
        const imaginary = fromImaginary[from] - fromImaginary[from + half];
        toReal[to] = fromReal[from] + fromReal[from + half];
        toImaginary[to] = fromImaginary[from] + fromImaginary[from + half];
        toReal[to + stride] = cosine * real - sine * imaginary;
        toImaginary[to + stride] = cosine * imaginary + sine * real;
      }
    }
  }
}

const sineOfThird = Math.sin((2 * Math.PI) / 3);

function factorise(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (const radix of radices) {
    for (; rest % radix === 0; rest /= radix) factors.push(radix);
  }
  if (rest !== 1) throw new RangeError(`Fourier transform: length ${length} has a prime factor above 3`);
  return factors;
}

/** The smallest multiple of four, not below `least`, that has no prime factor above 3. */
export function transformLengthFor(least: number): number {
  for (let length = 4 * Math.max(1, Math.ceil(least / 4)); ; length += 4) {
    let rest = length;
    for (const radix of [2, 3]) while (rest % radix === 0) rest /= radix;
    if (rest === 1) return length;
  }
}
