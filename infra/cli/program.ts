// The command line as a tree of commands, not yet run.
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { codeVersion } from '../code-version.ts';
import { say } from './output.ts';

type Add = (program: Command) => void;

/** By name: what adds a command, loaded when it is wanted, as some take a second of it. */
const commands: Record<string, () => Promise<Add>> = {
  run: async () => (await import('./commands/run.ts')).addRunCommands,
  plan: async () => (await import('./commands/plan.ts')).addPlanCommand,
  status: async () => (await import('./commands/status.ts')).addStatusCommand,
  cancel: async () => (await import('./commands/control.ts')).addControlCommands,
  table: async () => (await import('./commands/table.ts')).addTableCommand,
  scaling: async () => (await import('./commands/scaling.ts')).addScalingCommand,
  compare: async () => (await import('./commands/compare.ts')).addCompareCommand,
  report: async () => (await import('./commands/report.ts')).addReportCommand,
  serve: async () => (await import('./commands/serve.ts')).addServeCommand,
  score: async () => (await import('./commands/score.ts')).addScoreCommand,
  tsne: async () => (await import('./commands/tsne.ts')).addTsneCommand,
  features: async () => (await import('./commands/features.ts')).addFeaturesCommand,
  embed: async () => (await import('./commands/embed.ts')).addEmbedCommand,
  data: async () => (await import('./commands/data.ts')).addDataCommand,
  verify: async () => (await import('./commands/verify.ts')).addVerifyCommand,
  bench: async () => (await import('./commands/bench.ts')).addBenchCommand,
  worker: async () => (await import('./commands/worker.ts')).addWorkerCommand,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
  init: async () => (await import('./commands/init.ts')).addInitCommands,
  export: async () => (await import('./commands/export.ts')).addExportCommand,
  up: async () => (await import('./commands/up.ts')).addUpCommands,
  gc: async () => (await import('./commands/gc.ts')).addGcCommand,
  store: async () => (await import('./commands/store.ts')).addStoreCommand,
  setup: async () => (await import('./commands/setup.ts')).addSetUpCommand,
};
const alsoAddedBy: Record<string, string> = {
  rerun: 'run',
  start: 'run',
  pause: 'cancel',
  resume: 'cancel',
  schema: 'init',
  down: 'up',
};
/** Those that neither start the Temporal server nor compute with TensorFlow: before any other, both are brought where they are missing. */
const needNothing = [
  ...['plan', 'status', 'cancel', 'pause', 'resume', 'table', 'compare', 'report', 'score', 'tsne'],
  ...['data', 'doctor', 'gc', 'store', 'setup', 'down'],
];

/**
 * All commands, not yet run; or the one alone that the arguments name, where they name one. They throw instead of ending the process;
 * `output` takes what commander itself prints.
 */
export async function makeProgram(
  output: OutputConfiguration = {},
  args: readonly string[] = [],
): Promise<Command> {
  const first = args.find(argument => !argument.startsWith('-')) ?? '';
  const program = new Command('simcne')
    .description(
      'Self-supervised visualisation of medical image datasets, as a reproducible experiment pipeline',
    )
    .option('-V, --version', 'output the version number')
    .on('option:version', () => {
      process.stdout.write(`${codeVersion()}\n`); // asks git: only when it is wanted
      throw new CommanderError(0, 'commander.version', 'version');
    })
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces, and in status why a cell failed, in full')
    .showHelpAfterError('(simcne --help lists the commands)')
    .exitOverride()
    .configureOutput(output)
    .hook('preAction', async (_, command) => {
      if (needNothing.includes(first)) return;
      const { setUp } = await import('../setup/set-up.ts');
      await setUp(line => say(command, `set-up: ${line}`));
    });
  const wanted = alsoAddedBy[first] ?? first;
  const asksVersion = first === '' && args.some(argument => ['-V', '--version'].includes(argument));
  const all = asksVersion ? [] : Object.values(commands);
  const adding = Object.hasOwn(commands, wanted) ? [commands[wanted]] : all;
  for (const load of adding) (await load())(program);
  return program;
}
