// Seeded random numbers: xoshiro128** (Blackman & Vigna, 2018), forked by name so that streams never depend on order.

/**
 * A stream of random numbers, determined by a seed and a path of names.
 * `new Random(1).fork('augment', epoch, image)` is the same stream wherever and whenever it is made: results do
 * not depend on the number of threads, and a resumed run needs no generator state but its position.
 */
export class Random {
  readonly #key: Uint32Array;
  readonly #state: Uint32Array;
  #spareNormal: number | undefined;

  constructor(seed: number | Uint32Array) {
    this.#key = typeof seed === 'number' ? absorb(initialKey, seed) : seed;
    this.#state = this.#key.slice();
  }

  /** An independent stream, named relative to this one's origin (not to how many numbers were drawn). */
  fork(...path: (string | number)[]): Random {
    return new Random(path.reduce(absorb, this.#key));
  }

  /** The next 32 bits, as an unsigned integer. */
  bits(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform in [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.bits() >>> 5) * 0x4000000 + (this.bits() >>> 6)) / 0x20000000000000;
    return low + (high - low) * unit;
  }

  /** A whole number, uniform in 0 … bound − 1. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const squared = u * u + v * v;
      if (squared > 0 && squared < 1) {
        const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
        this.#spareNormal = v * factor;
        return u * factor;
      }
    }
  }

  /** The numbers 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}

const initialKey = new Uint32Array([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]); // digits of π

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** A new key from a key and one name of the path; numbers and strings of the same digits differ. */
function absorb(key: Uint32Array, name: string | number): Uint32Array {
  const next = key.slice();
  const words = typeof name === 'number' ? numberWords(name) : stringWords(name);
  for (const word of words) {
    for (let lane = 0; lane < 4; lane++) {
      next[lane] = mix((next[lane] ^ word) + Math.imul(next[(lane + 1) & 3], 0x9e3779b1) + lane);
    }
  }
  return next;
}

function numberWords(value: number): number[] {
  float64.setFloat64(0, value);
  return [0x6e756d, float64.getUint32(0), float64.getUint32(4)];
}

const float64 = new DataView(new ArrayBuffer(8));

function stringWords(value: string): number[] {
  return [0x737472, value.length, ...Array.from(value, character => character.codePointAt(0)!)];
}

/** A 32-bit finaliser (lowbias32, C. Wellons). */
function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
