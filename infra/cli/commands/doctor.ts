// doctor: what this machine has and lacks, each with its remedy.
import type { Command } from 'commander';
import { doctor } from '../../doctor.ts';
import { printResult } from '../output.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what this machine has and lacks')
    .action(async (_options: unknown, command: Command) => {
      const checks = await doctor();
      printResult(command, { checks }, () =>
        checks
          .map(
            ({ name, ok, detail, remedy }) =>
              `${ok ? '✓' : '✗'} ${name}: ${detail}${ok ? '' : `\n    → ${remedy}`}`,
          )
          .join('\n'),
      );
      process.exitCode = checks.every(check => check.ok) ? 0 : 1;
    });
}
