// The numeric parts against the reference vectors of test/golden/: the same adapters that `simcne verify` runs.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Check, compareWithGolden, readGoldenCase } from '../../infra/verify/golden-case.ts';
import { knnScore } from '../../infra/verify/knn-score.ts';
import { pcaInitialisation } from '../../infra/verify/pca-initialisation.ts';
import { silhouette } from '../../infra/verify/silhouette.ts';
import { stratifiedSplit } from '../../infra/verify/stratified-split.ts';
import { tsneAffinities } from '../../infra/verify/tsne-affinities.ts';
import { tsneGradient } from '../../infra/verify/tsne-gradient.ts';
import { tsneQuality } from '../../infra/verify/tsne-quality.ts';

const checks: Record<string, Check> = {
  'stratified-split': stratifiedSplit,
  'knn-score': knnScore,
  silhouette,
  'tsne-affinities': tsneAffinities,
  'tsne-gradient': tsneGradient,
  'pca-initialisation': pcaInitialisation,
  'tsne-quality': tsneQuality,
};
const golden = new URL('../golden/', import.meta.url).pathname;

for (const [name, check] of Object.entries(checks)) {
  describe(name, () => {
    test.each(readdirSync(path.join(golden, name)))('%s', async folder => {
      const reference = await readGoldenCase(path.join(golden, name, folder));
      const comparisons = compareWithGolden(reference, await check(reference));
      expect(comparisons.filter(({ passed }) => !passed)).toEqual([]);
      expect(comparisons.length).toBeGreaterThan(0);
    });
  });
}
