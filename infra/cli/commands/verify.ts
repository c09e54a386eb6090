// verify: the reference vectors against this code, or interrupted trainings against one that was not.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { alignColumns, printResult, say } from '../output.ts';
import { UsageError } from '../usage-error.ts';

interface VerifyOptions {
  golden?: string;
  resume?: boolean;
}

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description(
      'hold this code against reference vectors, or interrupted trainings against one that was not',
    )
    .option('--golden <folder>', 'a folder of <check>/<case>/case.json')
    .option('--resume', 'trainings killed, paused and moved to another worker end alike to the bit')
    .action(async ({ golden, resume }: VerifyOptions, command: Command) => {
      if ((golden === undefined) === (resume === undefined)) {
        throw new UsageError('verify: say what, either --golden FOLDER or --resume');
      }
      if (golden !== undefined) await againstGolden(command, path.resolve(golden));
      else await resuming(command);
    });
}

async function againstGolden(command: Command, folder: string): Promise<void> {
  const { isKnown, verifyGolden } = await import('../../verify/verify-golden.ts');
  const checks = await verifyGolden(folder).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall ? new UsageError(`${folder}: cannot be read (${error.code})`) : error;
  });
  if (!checks.some(({ check }) => isKnown(check))) {
    throw new UsageError(`${folder}: holds no case; expected <check>/<case>/case.json`);
  }
  printChecks(command, checks, ({ check, case: name, worst }) => [
    check,
    name,
    worst && Number.isFinite(worst.absolute)
      ? `${worst.name}: ${worst.absolute.toExponential(1)} absolute, ${worst.relative.toExponential(1)} relative`
      : (worst?.name ?? ''),
  ]);
}

async function resuming(command: Command): Promise<void> {
  const { verifyResume } = await import('../../verify/verify-resume.ts');
  const checks = await verifyResume(availableParallelism(), name => say(command, `training: ${name}`));
  printChecks(command, checks, ({ case: name, resumed, digest }) => [
    name,
    resumed ?? '',
    digest?.slice(0, 12) ?? '',
  ]);
}

/** Prints every check as a line, and how many passed; one that failed is exit code 1. */
function printChecks<Check extends { passed: boolean; reason?: string }>(
  command: Command,
  checks: Check[],
  columns: (check: Check) => string[],
): void {
  const failed = checks.filter(check => !check.passed).length;
  printResult(command, { checks, passed: checks.length - failed, failed }, () => {
    const rows = checks.map(check => [
      check.passed ? 'passed' : 'FAILED',
      ...columns(check),
      check.reason ?? '',
    ]);
    return `${alignColumns(rows)}\n\n${checks.length - failed} passed, ${failed} failed`;
  });
  process.exitCode = failed > 0 ? 1 : 0;
}
