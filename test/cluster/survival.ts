// A sweep on a real Temporal server on PostgreSQL, with workers of its own, survives what happens to both (kill -9: each, then both).
//   npx tsx test/cluster/survival.ts [--experiment smoke] [--method t-simcne …] [--keep]
// Opt-in: some three minutes, and five more the first time (the server is built from its Go module); needs PostgreSQL and Go. Prints one
// JSON document; exit code 1 where a digest differs from those of a calm run on the embedded server.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { artifactDigests, compareDigests } from '../integration/artifact-digests.ts';
import { simcne, startSimcne } from '../integration/command-line.ts';
import { processesOf, until } from '../integration/processes.ts';
import { startClusterWorkers } from './cluster-workers.ts';
import { findPrograms } from './programs.ts';
import { startTemporalOnPostgres } from './temporal-on-postgres.ts';

const { values } = parseArgs({
  options: {
    experiment: { type: 'string', default: 'smoke' },
    method: { type: 'string', multiple: true, default: [] },
    keep: { type: 'boolean', default: false },
  },
});
const words = ['run', values.experiment, ...values.method.flatMap(one => ['--method', one]), '--json'];
const outageMs = 5_000;

const programs = await findPrograms();
const folder = await mkdtemp(path.join(tmpdir(), 'simcne-cluster-'));
const [calm, rough] = ['calm', 'rough'].map(name => path.join(folder, name));
for (const home of [calm, rough]) await mkdir(home);

const onEmbedded = await simcne(calm, ...words);
const servers = await startTemporalOnPostgres(programs, folder);
try {
  const kills: string[] = [];
  const afterKills = await sweep(rough, async () => {
    const { temporal, postgres } = servers;
    for (const victims of [{ temporal }, { postgres }, { postgres, temporal }]) {
      await sleep(2_000);
      for (const victim of Object.values(victims)) await victim.kill();
      kills.push(Object.keys(victims).join(' and '));
      await sleep(outageMs);
      for (const victim of Object.values(victims)) await victim.start();
    }
  });
  const [expected, found] = await Promise.all([calm, rough].map(artifactDigests));
  const { artifacts, different } = compareDigests(expected, found);
  const runs = { calm: onEmbedded, rough: afterKills };
  const report = Object.fromEntries(
    Object.entries(runs).map(([name, { code, seconds }]) => [name, { code, seconds: Math.round(seconds) }]),
  );
  console.log(JSON.stringify({ ...report, kills, artifacts, different }));
  const failed = Object.values(runs).filter(({ code }) => code !== 0);
  for (const { stderr } of failed) console.error(stderr);
  process.exitCode = failed.length > 0 || different.length > 0 ? 1 : 0;
} finally {
  await servers.stop();
  if (values.keep) console.error(folder);
  else await rm(folder, { recursive: true, force: true });
}

/** Runs the experiment with workers of the home; `meanwhile` begins with its first training. */
async function sweep(home: string, meanwhile: () => Promise<void>) {
  const workers = startClusterWorkers(home, { env: { TEMPORAL_ADDRESS: servers.address } });
  try {
    const run = startSimcne(home, words, { TEMPORAL_ADDRESS: servers.address });
    const training = () => processesOf(home, 'step-child.js train').at(0);
    await until('a training', training).then(meanwhile);
    return await run.ended;
  } finally {
    await workers.stop();
  }
}
