// The numeric parts against the reference vectors of test/golden/: the same adapters that `simcne verify` runs.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareWithGolden, readGoldenCase } from '../../infra/verify/golden-case.ts';
import { numericChecks } from '../../infra/verify/numeric-checks.ts';

const golden = new URL('../golden/', import.meta.url).pathname;

for (const [name, check] of Object.entries(numericChecks)) {
  describe(name, () => {
    test.each(readdirSync(path.join(golden, name)))('%s', async folder => {
      const reference = await readGoldenCase(path.join(golden, name, folder));
      const comparisons = compareWithGolden(reference, await check(reference));
      expect(comparisons.filter(({ passed }) => !passed)).toEqual([]);
      expect(comparisons.length).toBeGreaterThan(0);
    });
  });
}
