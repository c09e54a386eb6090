// What this machine has and lacks, each with its remedy. Every check answers; none throws.
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { instructionSet } from '../learning/tensorflow/instruction-set.ts';
import { nvidiaGpus, tensorflowVariant } from '../machine/platform.ts';
import { tensorflowFolder } from '../machine/tensorflow.ts';
import { home, packageRoot, storeFolder } from './home.ts';
import { askAddon, checkCompiler } from './setup/addon.ts';
import { freeGigabytes } from './setup/disk-space.ts';
import { damagedFiles } from './setup/installation.ts';
import { packagesMismatch } from './setup/packages.js';
import { findPython } from './setup/python-wheel.ts';
import { findTemporalBinary } from './setup/temporal-binary.ts';
import { readyTensorflow } from './setup/tensorflow.ts';
import { connectNamed } from './temporal-server/named-server.ts';
import { temporalConfig } from './temporal-server/temporal-config.ts';
import { capacityOf, resources } from './workers/capacity.ts';

export interface Diagnosis {
  name: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  detail: string;
  /** What to do; empty where nothing needs to be done. */
  remedy: string;
}

const setUpAgain = 'run "simcne setup"';
/** The `quick` experiment with its data fits well within these. */
const neededDiskGigabytes = 5;
const neededMemoryGigabytes = 4;

/** All checks in the order of the set-up. Reads the installed files whole (seconds) and starts TensorFlow in a child process. */
export async function doctor(): Promise<Diagnosis[]> {
  return [
    await diagnose('Node.js', 'install a current release', async () => process.version),
    await diagnose('packages', 'run "npm run setup"', packages),
    await diagnose('Python and pip', 'install Python 3 with pip; only set-up needs it', python),
    await diagnose('C++ compiler', 'install g++; only set-up needs it', checkCompiler),
    await diagnose('TensorFlow', `remove its folder and ${setUpAgain}`, tensorflow),
    await diagnose('GPU', '', gpu),
    await diagnose('Temporal program', setUpAgain, temporalProgram),
    await diagnose('Temporal server', 'check TEMPORAL_ADDRESS, TLS and API key, or unset it', temporalServer),
    await diagnose('store', 'correct SIMCNE_STORE and what the message names, or unset it', store),
    await diagnose('disk', 'make room, or set SIMCNE_HOME to a folder on a larger disk', disk),
    await diagnose('memory', 'use a machine with more memory, or a smaller experiment', memory),
    await diagnose('processor', '', processor),
    await diagnose('workers', '', workers),
  ];
}

/** Runs one check, which returns what it found and throws what is wrong. */
async function diagnose(name: string, remedy: string, check: () => Promise<string>): Promise<Diagnosis> {
  try {
    return { name, ok: true, detail: await check(), remedy: '' };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error), remedy };
  }
}

async function packages(): Promise<string> {
  const mismatch = packagesMismatch(packageRoot);
  if (mismatch) throw new Error(mismatch);
  return existsSync(path.join(packageRoot, 'package-lock.json'))
    ? 'as in package-lock.json'
    : 'as npm installed them';
}

async function python(): Promise<string> {
  const { command, version, pip } = await findPython();
  return `${command} ${version}, ${pip}`;
}

async function tensorflow(): Promise<string> {
  const found = await readyTensorflow();
  if (!found) throw new Error('not set up, or incomplete');
  const folder = tensorflowFolder();
  const damaged = await damagedFiles(folder, found);
  if (damaged.length > 0) throw new Error(`${folder}: changed since set-up: ${damaged.join(', ')}`);
  const { version, device } = await askAddon(folder);
  if (device === 'CPU' && nvidiaGpus().length > 0 && tensorflowVariant() === 'cuda') {
    throw new Error(
      `${version} computes on the CPU though there is a GPU: its driver is older than CUDA 12 or hidden`,
    );
  }
  return `${version} on the ${device}, from ${found.source}`;
}

async function gpu(): Promise<string> {
  const gpus = nvidiaGpus();
  return gpus.join('; ') || 'no NVIDIA GPU: training runs on the CPU';
}

async function temporalProgram(): Promise<string> {
  const binary = await findTemporalBinary();
  if (!binary) throw new Error('neither on the PATH (in a recent version) nor set up');
  return `${binary.version}, ${binary.path}`;
}

async function temporalServer(): Promise<string> {
  const { named } = temporalConfig();
  if (!named) return 'embedded, started when needed';
  await (await connectNamed(named)).close();
  return `${named.address}, namespace ${named.namespace}`;
}

async function store(): Promise<string> {
  const address = process.env.SIMCNE_STORE;
  if (!address) return storeFolder();
  const { openObjectStore, requireConditionalWrites } = await import('../artifacts/bucket/object-store.ts');
  const objects = await openObjectStore(address);
  await requireConditionalWrites(objects);
  return `${objects.address}, with copies in ${storeFolder()}`;
}

async function disk(): Promise<string> {
  const free = await freeGigabytes(home());
  const detail = `${free.toFixed(0)} GB free for ${home()}`;
  if (free < neededDiskGigabytes) throw new Error(`${detail}, ${neededDiskGigabytes} GB are needed`);
  return detail;
}

async function memory(): Promise<string> {
  const gigabytes = totalmem() / 1e9;
  const detail = `${gigabytes.toFixed(0)} GB`;
  if (gigabytes < neededMemoryGigabytes) throw new Error(`${detail}, ${neededMemoryGigabytes} GB are needed`);
  return detail;
}

/** What trainings compute with; their speed and their last digits go with it. */
async function processor(): Promise<string> {
  return `${cpus()[0].model.trim()}, ${availableParallelism()} cores; oneDNN with ${instructionSet()}`;
}

/** What workers that are not told otherwise do at once. */
async function workers(): Promise<string> {
  const { cores, memoryBytes } = resources();
  const { slots, threads } = capacityOf('cpu');
  const found = `${cores} cores and ${(memoryBytes / 1e9).toFixed(0)} GB may be used`;
  return `${found}: ${slots} CPU steps at once in each of two lanes, ${threads} threads each; a training with ${capacityOf('train').threads}`;
}
