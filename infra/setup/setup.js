// `npm run setup`, and the first half of `npm start` and `npm test`: packages, dist/, native parts, and what the first run
// needs. With --packages-only it stops after dist/, with --native-only before the last.
import { buildWhereChanged } from '../build/build-where-changed.js';
import { installPackages } from './packages.js';

const say = line => console.error(`set-up: ${line}`);
const stopsAfter = part => process.argv.includes(`--${part}-only`);

try {
  installPackages();
  await buildWhereChanged();
  if (!stopsAfter('packages')) {
    const { setUp } = await import('../../dist/set-up.js');
    const wasToDo = await setUp(say);
    if (wasToDo && !stopsAfter('native')) {
      const { downloadFirstData } = await import('../../dist/first-run.js');
      await downloadFirstData(say);
    }
  }
} catch (error) {
  console.error(process.env.SIMCNE_DEBUG ? error : `set-up failed: ${error.message}`);
  process.exitCode = 1;
}
