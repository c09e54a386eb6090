// Two hosts with an S3 store between them, one of which is lost in the middle of a training. Some three minutes, as root, on Linux:
//   npx tsx test/chaos/two-hosts.ts
// The other host goes on from the checkpoint, and what comes out is, digest by digest, what one host alone makes, though the line to the
// store damages one answer in a hundred: nothing is lost, and nothing in the bucket taken for damaged. Real parts: hosts are network
// namespaces, the store is SeaweedFS, the server Temporal's. Says what happened as JSON; exit code 1 where it is otherwise.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { readAttempts } from '../../artifacts/attempt-record.ts';
import { openObjectStore } from '../../artifacts/bucket/object-store.ts';
import { openSealedJson } from '../../artifacts/sealed-json.ts';
import { findTemporalBinary } from '../../infra/setup/temporal-binary.ts';
import { searchAttributes } from '../../infra/temporal-server/search-attributes.ts';
import { artifactDigests, compareDigests } from '../integration/artifact-digests.ts';
import { type Ended, startSimcne, temporaryHome } from '../integration/command-line.ts';
import { processesOf, until } from '../integration/processes.ts';
import { type DamagingProxy, openDamagingProxy } from '../s3-server/damaging-proxy.ts';
import { type S3Server, s3ServerProgram, secretOf, startS3Server } from '../s3-server/s3-server.ts';
import { type NetworkHost, openNetwork, whyNoNetwork } from './network-hosts.ts';

const methods = ['t-simcne', 'simclr-tsne', 'pixels-tsne'];
const words = ['run', 'smoke', ...methods.flatMap(method => ['--method', method]), '--json'];
const bucket = 'simcne-two-hosts';
const store = `s3://${bucket}/shared`;
const damagedShare = 0.01; // of the store's answers
const slowMs = 21_000; // a checkpoint is due after 20 s of training
const limitMs = 300_000;

const program = await s3ServerProgram();
const temporalBinary = (await findTemporalBinary())?.path;
const why =
  whyNoNetwork() ?? (program && temporalBinary ? undefined : 'there is no S3 server, or no Temporal one');
if (why) console.error(`two hosts: skipped: ${why}`);
else process.exitCode = (await twoHosts(program!, temporalBinary!)) ? 0 : 1;

async function twoHosts(s3Program: string, temporalProgram: string): Promise<boolean> {
  const { home: root, remove } = await temporaryHome();
  const [calm, desk, ...homes] = ['calm', 'desk', 'a', 'b'].map(name => path.join(root, name));
  for (const place of [calm, desk, ...homes]) await mkdir(place, { recursive: true });
  const network = openNetwork();
  let s3: S3Server | undefined;
  let line: DamagingProxy | undefined;
  let temporal: ChildProcess | undefined;
  try {
    say('one host alone');
    await run(calm, {});
    say('two hosts, and a desk that starts the run and follows it');
    s3 = await startS3Server(s3Program, { bucket, host: network.address });
    line = await openDamagingProxy(s3.env.AWS_ENDPOINT_URL_S3, damagedShare, { host: network.address });
    const port = await getPort({ host: network.address });
    temporal = startTemporal(temporalProgram, port);
    await listens(network.address, port);
    const env = {
      ...s3.env,
      AWS_ENDPOINT_URL_S3: line.url,
      SIMCNE_STORE: store,
      TEMPORAL_ADDRESS: `${network.address}:${port}`,
    };
    const hosts = homes.map((home, i) => network.addHost('ab'[i], home));
    for (const host of hosts) {
      for (const queue of ['cpu', 'train']) host.start(['worker', '--queue', queue], env);
    }
    const running = run(desk, env);
    running.catch(() => {}); // awaited below
    const lost = await Promise.race([trainingHost(hosts), running.then(() => undefined)]);
    if (!lost) throw new Error('the run was over before a host could be lost');
    lost.lose();
    const lostAt = performance.now();
    say(`host ${lost.name} is lost in the middle of its training`);
    const ended = await running;
    const secondsAfter = Math.round((performance.now() - lostAt) / 1000);
    const { passed, damaged } = line;
    const bucketFaults = await faultsOf(s3);
    return await judge({
      root,
      calm,
      desk,
      ended,
      lost,
      secondsAfter,
      answers: { passed, damaged },
      bucketFaults,
    });
  } finally {
    network.close();
    temporal?.kill('SIGKILL');
    line?.close();
    await s3?.stop();
    await remove();
  }
}

/** Runs the experiment to its end. @throws where it does not end well, or not in time */
async function run(home: string, env: Record<string, string>): Promise<Ended> {
  const command = startSimcne(home, words, env);
  const limit = setTimeout(() => command.process.kill('SIGTERM'), limitMs);
  const ended = await command.ended;
  clearTimeout(limit);
  if (ended.code !== 0) throw new Error(`the run ended with exit code ${ended.code}:\n${ended.stderr}`);
  return ended;
}

/** The host that trains, once its checkpoint has reached the bucket; its training stands still. */
async function trainingHost(hosts: NetworkHost[]): Promise<NetworkHost> {
  const training = (host: NetworkHost) => processesOf(host.home, 'step-child.js train')[0];
  const host = await until('a training', () => hosts.find(training), limitMs);
  const { pid } = training(host);
  await has(host, 'so-far.json');
  process.kill(pid, 'SIGSTOP'); // as on a slow host: smoke's trainings take a second or two
  await sleep(slowMs);
  process.kill(pid, 'SIGCONT');
  await has(host, 'epoch-');
  process.kill(pid, 'SIGSTOP');
  await sleep(5_000); // it is sent within two seconds
  return host;
}

/** Waits until a file whose name begins so lies among the checkpoints of a host. */
async function has(host: NetworkHost, beginning: string): Promise<void> {
  const folder = path.join(host.home, 'store', 'checkpoints');
  const deadline = Date.now() + 60_000;
  for (;;) {
    const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
    if (names.some(name => path.basename(name).startsWith(beginning) && !name.endsWith('.part'))) return;
    if (Date.now() > deadline) throw new Error(`host ${host.name} has no ${beginning}… in ${folder}`);
    await sleep(5);
  }
}

interface Happened {
  root: string;
  calm: string;
  desk: string;
  ended: Ended;
  lost: NetworkHost;
  secondsAfter: number;
  /** Of the store, through the bad line. */
  answers: { passed: number; damaged: number };
  /** What the bucket lacks, or has noted as damaged. */
  bucketFaults: string[];
}

/** Says what happened; whether it is as it should be. */
async function judge(happened: Happened): Promise<boolean> {
  const { root, calm, desk, ended, lost, secondsAfter, answers, bucketFaults } = happened;
  const [expected, found] = [await artifactDigests(calm), await artifactDigests(desk)];
  const { artifacts, different } = compareDigests(expected, found);
  const attempts = (await readAttempts(path.join(desk, 'store'), 'smoke')).filter(
    ({ step }) => step === 'train',
  );
  const wentOnFrom =
    attempts.find(attempt => attempt.outcome === 'made' && attempt.wentOnFrom)?.wentOnFrom ?? null;
  const withSecrets = await filesWith(root, [secretOf('owner')]);
  const isShown = ended.stdout.includes(secretOf('owner')) || ended.stderr.includes(secretOf('owner'));
  console.log(
    JSON.stringify({
      lost: lost.name,
      secondsAfter,
      answers,
      bucketFaults,
      trainings: attempts.map(({ outcome, attempt, seconds }) => ({ attempt, outcome, seconds })),
      wentOnFrom,
      artifacts,
      different,
      filesWithSecrets: withSecrets,
    }),
  );
  const isWhole = answers.damaged > 0 && different.length === 0 && bucketFaults.length === 0;
  return isWhole && wentOnFrom !== null && withSecrets.length === 0 && !isShown;
}

/** Files of artifacts that the bucket does not have whole, asked for without the bad line; and what hosts took for damaged. */
async function faultsOf({ env }: S3Server): Promise<string[]> {
  Object.assign(process.env, env);
  const objects = await openObjectStore(store);
  const faults: string[] = [];
  for (const { name } of await objects.list('artifacts/')) {
    const { files, damaged = [] } = openSealedJson((await objects.read(name))!.text) as {
      files: Record<string, { sha256: string }>;
      damaged?: string[];
    };
    faults.push(...damaged.map(sha256 => `${name}: ${sha256} was taken for damaged`));
    for (const { sha256 } of Object.values(files)) {
      const bytes = await objects.size(`files/${sha256}`);
      if (bytes === undefined) faults.push(`${name}: ${sha256} is missing`);
    }
  }
  return faults;
}

/** Files below a folder in which one of the words stands. */
async function filesWith(folder: string, secrets: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    if (secrets.some(secret => bytes.includes(secret))) found.push(file);
  }
  return found;
}

/** A server of one partition a queue, as the embedded one; the workers wait for it. */
function startTemporal(binary: string, port: number): ChildProcess {
  return spawn(
    binary,
    [
      'server',
      'start-dev',
      '--headless',
      '--ip=0.0.0.0', // its parts look for each other on loopback
      `--port=${port}`,
      '--log-level=error',
      '--dynamic-config-value=matching.numTaskqueueReadPartitions=1',
      '--dynamic-config-value=matching.numTaskqueueWritePartitions=1',
      ...Object.entries(searchAttributes).map(([name, type]) => `--search-attribute=${name}=${type}`),
    ],
    { stdio: 'ignore' },
  );
}

/** Waits until somebody takes connections there. */
async function listens(host: string, port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const socket = connect({ host, port });
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (Date.now() > deadline) throw new Error(`nobody listens on ${host}:${port}`);
    await sleep(200);
  }
}

function say(line: string): void {
  console.error(line);
}
