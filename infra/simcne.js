#!/usr/bin/env node
// The `simcne` command: registers the TypeScript loader, then hands over to the command line's main module. Loading takes a
// second, in which Ctrl-C is answered here; from then on by the command, or by Node where it computes without a pause.
const interrupt = () => {
  process.stderr.write('simcne: interrupted\n');
  process.exit(130);
};
process.once('SIGINT', interrupt);
const { register } = await import('tsx/esm/api');
register();
const { runCommandLine } = await import('./cli/main.ts');
process.off('SIGINT', interrupt);
await runCommandLine();
