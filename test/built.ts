// Before any test, and before those that are run again: dist/ is made of the sources as they are, as children, threads and workers of
// the code under test run from there.
import type { TestProject } from 'vitest/node';
import { buildWhereChanged } from '../infra/build/build-where-changed.js';

export default async function setup(project: TestProject): Promise<void> {
  project.onTestsRerun(buildWhereChanged);
  await buildWhereChanged();
}
