// A real Temporal server on a real PostgreSQL, in a folder and on loopback: made and told as infra/cluster/compose.yaml does.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import getPort, { portNumbers } from 'get-port';
import { parse } from 'yaml';
import { packageRoot } from '../../infra/home.ts';
import type { Programs } from './programs.ts';
import { makeService, type Service } from './service.ts';

const run = promisify(execFile);
const cluster = path.join(packageRoot, 'infra', 'cluster');
const host = '127.0.0.1';

export interface TemporalOnPostgres {
  address: string;
  postgres: Service;
  temporal: Service;
  stop(): Promise<void>;
}

export async function startTemporalOnPostgres(
  programs: Programs,
  folder: string,
): Promise<TemporalOnPostgres> {
  const password = randomBytes(24).toString('hex');
  const postgresPort = await getPort({ host });
  const postgres = await makePostgres(programs, folder, postgresPort, password);
  try {
    await postgres.start();
    const temporal = await startTemporal(programs, folder, { host, port: String(postgresPort), password });
    return {
      ...temporal,
      postgres,
      async stop() {
        await temporal.temporal.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

interface Database {
  host: string;
  port: string;
  password: string;
}

async function startTemporal(programs: Programs, folder: string, database: Database) {
  const onPath = [...programs.tools, process.env.PATH].join(path.delimiter);
  const script = (name: string, env: Record<string, string>) =>
    run('sh', [path.join(cluster, 'temporal', name)], { env: { PATH: onPath, ...env }, maxBuffer: 10e6 });
  await script('schema.sh', await composeEnvironment('temporal-schema', database));
  const ports = await freePorts();
  const address = `${host}:${ports.FRONTEND_GRPC_PORT}`;
  const temporal = makeService({
    name: 'Temporal',
    program: programs.server,
    args: ['start'],
    options: { env: { ...(await composeEnvironment('temporal', database)), ...ports, BIND_ON_IP: host } },
    log: path.join(folder, 'temporal.log'),
    serves: () => isServing(address),
  });
  try {
    await temporal.start();
    await script('namespace.sh', { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' });
  } catch (error) {
    await temporal.kill();
    throw error;
  }
  return { address, temporal };
}

/** PostgreSQL does not run as root: then it is the user `postgres`, whose the folder becomes. */
async function makePostgres(
  { postgres }: Programs,
  folder: string,
  port: number,
  password: string,
): Promise<Service> {
  const place = path.join(folder, 'postgres');
  const secret = path.join(place, 'password');
  await mkdir(place, { recursive: true });
  await writeFile(secret, password);
  const user = process.getuid?.() === 0 ? await userIds('postgres') : {};
  if (user.uid !== undefined) {
    await chmod(folder, 0o755);
    for (const one of [place, secret]) await chown(one, user.uid, user.gid!);
  }
  const data = path.join(place, 'data');
  const first = ['--auth=scram-sha-256', '--username=temporal', `--pwfile=${secret}`, '--encoding=UTF8'];
  await run(path.join(postgres, 'initdb'), ['-D', data, ...first], { ...user, cwd: place });
  const settings = [`listen_addresses=${host}`, `port=${port}`, `unix_socket_directories=${place}`];
  return makeService({
    name: 'PostgreSQL',
    program: path.join(postgres, 'postgres'),
    args: ['-D', data, ...settings.flatMap(setting => ['-c', setting])],
    options: { ...user, cwd: place },
    log: path.join(folder, 'postgres.log'),
    serves: () =>
      run(path.join(postgres, 'pg_isready'), ['--quiet', `--host=${host}`, `--port=${port}`]).then(
        () => true,
      ),
  });
}

async function userIds(name: string): Promise<{ uid?: number; gid?: number }> {
  const fields = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'));
  const entry = fields.find(([one]) => one === name);
  if (!entry) throw new Error(`PostgreSQL does not run as root, and there is no user ${name}`);
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** What compose.yaml tells a service, with this machine's places in it. */
async function composeEnvironment(service: string, database: Database): Promise<Record<string, string>> {
  const { services } = parse(await readFile(path.join(cluster, 'compose.yaml'), 'utf8'), { merge: true });
  const told = Object.entries<string>(services[service].environment).map(([name, value]) => {
    if (value === 'postgres') return [name, database.host];
    if (name.endsWith('_PORT')) return [name, database.port];
    if (value.startsWith('$')) return [name, database.password];
    return [name, value.replace('/etc/simcne', path.join(cluster, 'temporal'))];
  });
  return Object.fromEntries(told);
}

/** The server keeps its members' ports in a column of 16 bits with a sign. */
async function freePorts(): Promise<Record<string, string>> {
  const names = ['FRONTEND', 'MATCHING', 'HISTORY', 'WORKER'].flatMap(one => [
    `${one}_GRPC_PORT`,
    `${one}_MEMBERSHIP_PORT`,
  ]);
  const entries: [string, string][] = [];
  for (const name of [...names, 'FRONTEND_HTTP_PORT']) {
    entries.push([name, String(await getPort({ host, port: portNumbers(20_000, 32_000) }))]);
  }
  return Object.fromEntries(entries);
}

async function isServing(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '1s' });
  try {
    await connection.workflowService.listNamespaces({});
    return true;
  } finally {
    await connection.close();
  }
}
