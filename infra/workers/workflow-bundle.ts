// The workflows as the one script that workers run in their sandbox.
import { fileURLToPath } from 'node:url';

export const workflowBundle = {
  codePath: fileURLToPath(new URL('../../dist/workflows.js', import.meta.url)),
};

/** What makes a worker serve workflows. The ten seconds of a task run from when it is taken, and one thread does them all: so few are taken at once. */
export const workflowOptions = { workflowBundle, maxConcurrentWorkflowTaskExecutions: 8 };
