// What t-SNE can be told. Defaults are those of openTSNE 1.0 (openTSNE/tsne.py, TSNE and gradient_descent),
// as in the paper, section 3.

export interface TsneSettings {
  /** Effective number of neighbours; lowered to (n − 1) / 3 where there are too few points. */
  perplexity: number;
  /** Factor of the attractive forces in the first phase. */
  earlyExaggeration: number;
  earlyExaggerationIterations: number;
  /** Iterations of the second phase, without exaggeration. */
  iterations: number;
  /** `auto` is n / exaggeration of the phase (Belkina et al., 2019). */
  learningRate: number | 'auto';
  /** Share of the last step that is kept in the next, in both phases. */
  momentum: number;
  /** A coordinate's gain grows by `gainIncrease` where gradient and last step disagree in sign … */
  gainIncrease: number;
  /** … else it is multiplied by `gainDecay`, and `minimalGain` is added. */
  gainDecay: number;
  minimalGain: number;
  /** Longest step of a point, in units of the embedding. */
  maxStepNorm: number;
  /** Of the jitter that tells equal points apart. */
  seed: number;
}

export const defaultTsneSettings: TsneSettings = {
  perplexity: 30, // TSNE
  earlyExaggeration: 12, // TSNE, early_exaggeration="auto"
  earlyExaggerationIterations: 250, // TSNE
  iterations: 500, // TSNE
  learningRate: 'auto', // TSNE
  momentum: 0.8, // TSNE, initial_momentum and final_momentum (1.0; 0.5 and 0.8 in earlier versions)
  gainIncrease: 0.2, // gradient_descent
  gainDecay: 0.8, // gradient_descent
  minimalGain: 0.01, // gradient_descent, min_gain
  maxStepNorm: 5, // TSNE
  seed: 0, // TSNE, random_state=None: openTSNE's own runs differ
};

/** Settings as given, the rest by default; throws `RangeError` for values that make no sense. */
export function completeSettings(given: Partial<TsneSettings>): TsneSettings {
  const settings = { ...defaultTsneSettings, ...given };
  const positive = ['perplexity', 'earlyExaggeration', 'maxStepNorm'] as const;
  const whole = ['earlyExaggerationIterations', 'iterations'] as const;
  for (const name of positive) {
    if (!(settings[name] > 0)) throw new RangeError(`t-SNE: ${name} must be above 0, got ${settings[name]}`);
  }
  for (const name of whole) {
    if (!Number.isInteger(settings[name]) || settings[name] < 0) {
      throw new RangeError(`t-SNE: ${name} must be a whole number, 0 or more, got ${settings[name]}`);
    }
  }
  const { learningRate } = settings;
  if (learningRate !== 'auto' && !(learningRate > 0)) {
    throw new RangeError(`t-SNE: learningRate must be "auto" or above 0, got ${learningRate}`);
  }
  return settings;
}
