// `npm run setup`, and the first half of `npm start` and `npm test`: packages, then native parts (in TypeScript, which needs them).
// With --packages-only it stops after the packages.
import { importEntry } from '../../start/code.js';
import { installPackages } from './packages.js';

try {
  installPackages();
  if (!process.argv.includes('--packages-only')) {
    const { setUp } = await importEntry('infra/setup/set-up.ts');
    await setUp(line => console.error(`set-up: ${line}`));
  }
} catch (error) {
  console.error(process.env.SIMCNE_DEBUG ? error : `set-up failed: ${error.message}`);
  process.exitCode = 1;
}
