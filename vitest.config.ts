// How the tests run: every file in a process of its own, two at a time; those that start servers and workers one by one.
import { defineConfig } from 'vitest/config';

const oneByOne = ['integration', 'infra', 'chaos', 'workflows'].map(folder => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: oneByOne } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: oneByOne,
          maxWorkers: 1,
          testTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
