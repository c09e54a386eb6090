// The command line as a tree of commands, not yet run.
import { Command, type OutputConfiguration } from 'commander';
import { codeVersion } from '../code-version.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDataCommand } from './commands/data.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEmbedCommand } from './commands/embed.ts';
import { addFeaturesCommand } from './commands/features.ts';
import { addGcCommand } from './commands/gc.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommands } from './commands/run.ts';
import { addScoreCommand } from './commands/score.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStatusCommand } from './commands/status.ts';
import { addTableCommand } from './commands/table.ts';
import { addTsneCommand } from './commands/tsne.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addWorkerCommand } from './commands/worker.ts';

/** All commands. They throw instead of ending the process; `output` takes what commander itself prints. */
export function makeProgram(output: OutputConfiguration = {}): Command {
  const program = new Command('simcne')
    .description(
      'Self-supervised visualisation of medical image datasets, as a reproducible experiment pipeline',
    )
    .option('-V, --version', 'output the version number')
    .on('option:version', () => {
      process.stdout.write(`${codeVersion()}\n`); // asks git: only when it is wanted
      process.exit(0);
    })
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces')
    .showHelpAfterError('(simcne --help lists the commands)')
    .exitOverride()
    .configureOutput(output);

  for (const add of [
    addRunCommands,
    addPlanCommand,
    addStatusCommand,
    addTableCommand,
    addCompareCommand,
    addReportCommand,
    addServeCommand,
    addScoreCommand,
    addTsneCommand,
    addFeaturesCommand,
    addEmbedCommand,
    addDataCommand,
    addVerifyCommand,
    addBenchCommand,
    addWorkerCommand,
    addDoctorCommand,
    addGcCommand,
  ]) {
    add(program);
  }
  return program;
}
