// `npm run setup`, and the first half of `npm start` and `npm test`: packages, then native parts (in TypeScript, which needs them),
// and what the first run needs. With --packages-only it stops after the packages, with --native-only before the last.
import { importEntry } from '../../start/code.js';
import { installPackages } from './packages.js';

const say = line => console.error(`set-up: ${line}`);
const stopsAfter = part => process.argv.includes(`--${part}-only`);

try {
  installPackages();
  if (!stopsAfter('packages')) {
    const { setUp } = await importEntry('infra/setup/set-up.ts');
    const wasToDo = await setUp(say);
    if (wasToDo && !stopsAfter('native')) {
      const { prepareFirstRun } = await importEntry('infra/first-run.ts');
      await prepareFirstRun(say);
    }
  }
} catch (error) {
  console.error(process.env.SIMCNE_DEBUG ? error : `set-up failed: ${error.message}`);
  process.exitCode = 1;
}
