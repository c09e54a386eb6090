#!/usr/bin/env node
// The `simcne` command: hands over to the command line in dist/, which a checkout builds first where its sources have changed. Until that
// is loaded, Ctrl-C is answered here; from then on by the command, or by Node where it computes without a pause.
import { existsSync } from 'node:fs';

const interrupt = () => {
  process.stderr.write('simcne: interrupted\n');
  process.exit(130);
};
process.once('SIGINT', interrupt);
process.setSourceMapsEnabled(true);
const building = new URL('./build/build-where-changed.js', import.meta.url);
if (existsSync(building)) await buildHere();
const { runCommandLine } = await import('../dist/command-line.js');
process.off('SIGINT', interrupt);
await runCommandLine();

async function buildHere() {
  try {
    await (await import(building.href)).buildWhereChanged();
  } catch (error) {
    process.stderr.write(
      `simcne: dist/ is not what the sources say, and cannot be built: ${error.message}\n`,
    );
    process.exit(1);
  }
}
