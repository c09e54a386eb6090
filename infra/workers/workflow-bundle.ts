// The workflows as the one script that workers run in their sandbox.
import { fileURLToPath } from 'node:url';

export const workflowBundle = {
  codePath: fileURLToPath(new URL('../../dist/workflows.js', import.meta.url)),
};
