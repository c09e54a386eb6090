// The command line: runs what was asked for, and what becomes of errors (exit codes 0, 1, 2, 130).
import { CommanderError } from 'commander';
import { exitCodeOf } from './exit-code.ts';
import { makeProgram } from './program.ts';

const program = makeProgram();
try {
  await program.parseAsync();
  process.exitCode ??= 0;
} catch (error) {
  if (!(error instanceof CommanderError)) {
    const { debug } = program.opts();
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${debug && error instanceof Error ? error.stack : `simcne: ${message}`}\n`);
  }
  process.exitCode = exitCodeOf(error);
}
process.exit();
