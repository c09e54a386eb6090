// How the tests run: every file in a process of its own, two at a time; those that start servers and workers one by one. Limits only end
// what hangs: no test is meant to take a tenth of them.
import { defineConfig } from 'vitest/config';

const oneByOne = ['integration', 'infra', 'chaos', 'workflows'].map(folder => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    globalSetup: './test/built.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: oneByOne } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: oneByOne,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
