#!/usr/bin/env node
// The `simcne` command: hands over to the command line's main module. While that is loaded, Ctrl-C is answered here; from then on
// by the command, or by Node where it computes without a pause.
import { importEntry } from '../start/code.js';

const interrupt = () => {
  process.stderr.write('simcne: interrupted\n');
  process.exit(130);
};
process.once('SIGINT', interrupt);
const { runCommandLine } = await importEntry('infra/cli/main.ts');
process.off('SIGINT', interrupt);
await runCommandLine();
