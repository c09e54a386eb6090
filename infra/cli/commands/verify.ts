// verify: the reference vectors against this code.
import path from 'node:path';
import type { Command } from 'commander';
import { alignColumns, printResult } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('hold this code against reference vectors')
    .requiredOption('--golden <folder>', 'a folder of <check>/<case>/case.json')
    .action(async ({ golden }: { golden: string }, command: Command) => {
      const { verifyGolden } = await import('../../verify/verify-golden.ts');
      const checks = await verifyGolden(path.resolve(golden)).catch((error: NodeJS.ErrnoException) => {
        throw error.syscall ? new UsageError(`${golden}: cannot be read (${error.code})`) : error;
      });
      if (checks.length === 0) {
        throw new UsageError(`${golden}: holds no case; expected <check>/<case>/case.json`);
      }
      const failed = checks.filter(check => !check.passed).length;
      printResult(command, { checks, passed: checks.length - failed, failed }, () => {
        const rows = checks.map(({ check, case: name, passed, worst, reason }) => [
          passed ? 'passed' : 'FAILED',
          check,
          name,
          worst && Number.isFinite(worst.absolute)
            ? `${worst.name}: ${worst.absolute.toExponential(1)} absolute, ${worst.relative.toExponential(1)} relative`
            : (worst?.name ?? ''),
          reason ?? '',
        ]);
        return `${alignColumns(rows)}\n\n${checks.length - failed} passed, ${failed} failed`;
      });
      process.exitCode = failed > 0 ? 1 : 0;
    });
}
