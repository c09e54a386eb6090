// A sweep that a former version began goes on with this one: same server, same home, its workers replaced in the middle of a training.
//   npx tsx test/cluster/upgrade.ts --former FOLDER [--experiment smoke] [--method t-simcne …]
// FOLDER is a checkout of the former version that is set up ("git worktree add FOLDER COMMIT", there "npm run setup").
// Opt-in, as survival.ts. Prints one JSON document; exit code 1 where a digest differs from those of a calm run of this version.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { artifactDigests, compareDigests } from '../integration/artifact-digests.ts';
import { commandOf, simcne, startSimcne } from '../integration/command-line.ts';
import { processesOf, until } from '../integration/processes.ts';
import { type ClusterWorkers, startClusterWorkers } from './cluster-workers.ts';
import { findPrograms } from './programs.ts';
import { startTemporalOnPostgres } from './temporal-on-postgres.ts';

const { values } = parseArgs({
  options: {
    former: { type: 'string' },
    experiment: { type: 'string', default: 'smoke' },
    method: { type: 'string', multiple: true, default: [] },
  },
});
if (values.former === undefined) throw new Error('--former FOLDER: a checkout of the former version, set up');
const former = commandOf(path.resolve(values.former));
const words = ['run', values.experiment, ...values.method.flatMap(one => ['--method', one]), '--json'];

const programs = await findPrograms();
const folder = await mkdtemp(path.join(tmpdir(), 'simcne-upgrade-'));
const [calm, home] = ['calm', 'upgraded'].map(name => path.join(folder, name));
for (const place of [calm, home]) await mkdir(place);
const onCalm = await simcne(calm, ...words);
const servers = await startTemporalOnPostgres(programs, folder);
const server = { TEMPORAL_ADDRESS: servers.address };
let workers: ClusterWorkers | undefined;
try {
  workers = startClusterWorkers(home, { env: server, command: former });
  const begun = startSimcne(home, words, server, former);
  await until('a training of the former version', () => processesOf(home, 'step-child.js train').at(0));
  begun.process.kill('SIGKILL');
  await workers.stop(); // their training writes a checkpoint
  workers = startClusterWorkers(home, { env: server });
  const run = await startSimcne(home, words, server).ended;
  const [expected, found] = await Promise.all([calm, home].map(artifactDigests));
  const { artifacts, different } = compareDigests(expected, found);
  const goesOn = run.stderr.includes('is running already');
  const { code, seconds } = run;
  console.log(JSON.stringify({ goesOn, code, seconds: Math.round(seconds), artifacts, different }));
  if (code !== 0 || onCalm.code !== 0) console.error(onCalm.stderr, run.stderr);
  process.exitCode = code === 0 && goesOn && different.length === 0 ? 0 : 1;
} finally {
  await workers?.stop();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}
