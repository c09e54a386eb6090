// NumPy's legacy generator (numpy.random.RandomState): MT19937 (Matsumoto & Nishimura, 1998) and the draws
// that splits need.

const stateLength = 624;

/**
 * The stream of `numpy.random.RandomState(seed)`: only to repeat what Python libraries drew; else use
 * `Random`.
 */
export class NumpyRandom {
  readonly #state = new Uint32Array(stateLength);
  #position = stateLength;

  /** @param seed a whole number in 0 … 2³² − 1 */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`numpy random: the seed must be a whole number in 0 … 4294967295, got ${seed}`);
    }
    this.#state[0] = seed;
    for (let i = 1; i < stateLength; i++) {
      const previous = this.#state[i - 1];
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next 32 bits, as an unsigned integer. */
  bits(): number {
    if (this.#position === stateLength) this.#twist();
    let x = this.#state[this.#position++];
    x ^= x >>> 11;
    x ^= (x << 7) & 0x9d2c5680;
    x ^= (x << 15) & 0xefc60000;
    return (x ^ (x >>> 18)) >>> 0;
  }

  /** A whole number in 0 … largest, both included, by masking and rejection (`random_interval`). */
  interval(largest: number): number {
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    for (;;) {
      const value = (this.bits() & mask) >>> 0;
      if (value <= largest) return value;
    }
  }

  /** `RandomState.permutation(values)`: a shuffled copy. */
  permutation(values: ArrayLike<number>): Int32Array {
    const shuffled = new Int32Array(values);
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.interval(i);
      const swapped = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swapped;
    }
    return shuffled;
  }

  /** `RandomState.choice(values, count, replace=False)`. */
  choice(values: ArrayLike<number>, count: number): Int32Array {
    const positions = Int32Array.from(values, (_, position) => position);
    return this.permutation(positions)
      .slice(0, count)
      .map(position => values[position]);
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < stateLength; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % stateLength] & 0x7fffffff);
      state[i] = state[(i + 397) % stateLength] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}
