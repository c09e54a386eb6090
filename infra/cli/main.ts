// The command line: runs what was asked for, and what becomes of errors (exit codes 0, 1, 2, 130).
import { CommanderError } from 'commander';
import { errorMessage } from './error-message.ts';
import { exitCodeOf } from './exit-code.ts';
import { bearGoneReaders, untilTaken } from './output.ts';
import { makeProgram } from './program.ts';

/** Does what the process's arguments say, and ends the process once all that it printed has been taken. */
export async function runCommandLine(): Promise<never> {
  bearGoneReaders();
  const program = await makeProgram({}, process.argv.slice(2));
  try {
    await program.parseAsync().finally(untilTaken);
    process.exitCode ??= 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const { debug } = program.opts();
      process.stderr.write(
        `${debug && error instanceof Error ? error.stack : `simcne: ${errorMessage(error)}`}\n`,
      );
    }
    process.exitCode = exitCodeOf(error);
  }
  await untilTaken().catch(() => {}); // the error of stdout was told; where stderr fails, nobody can be told
  process.exit();
}
