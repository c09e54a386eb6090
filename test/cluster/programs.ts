// The programs of a real Temporal cluster: PostgreSQL as the system has it (Debian: apt-get install postgresql), the Temporal server and its
// schema tool built from their Go module, once (some five minutes on two cores; needs Go).
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findTemporalBinary } from '../../infra/setup/temporal-binary.ts';
import { cacheFolder } from '../../machine/cache-folder.ts';

/** As in infra/cluster/compose.yaml, and within the embedded server. */
const serverVersion = '1.32.0';
const run = promisify(execFile);

export interface Programs {
  /** Folder with `initdb`, `postgres` and `pg_isready`. */
  postgres: string;
  /** The server: `temporal-server start`. */
  server: string;
  /** Folders for the PATH of scripts that want `temporal-sql-tool` and `temporal`. */
  tools: string[];
}

export async function findPrograms(): Promise<Programs> {
  const folder = await builtServer();
  const cli = await findTemporalBinary();
  if (!cli) throw new Error('the Temporal CLI is missing; run "simcne setup"');
  return {
    postgres: postgresFolder(),
    server: path.join(folder, 'temporal-server'),
    tools: [folder, path.dirname(cli.path)],
  };
}

function postgresFolder(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...versions.map(version => path.join(debian, version, 'bin')), ...pathFolders()];
  const found = places.find(place =>
    ['initdb', 'postgres', 'pg_isready'].every(name => existsSync(path.join(place, name))),
  );
  if (!found) throw new Error('PostgreSQL is missing: no initdb and postgres; apt-get install postgresql');
  return found;
}

const pathFolders = () => (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);

async function builtServer(): Promise<string> {
  const folder = path.join(cacheFolder(), `temporal-server-${serverVersion}`);
  const programs = { server: 'temporal-server', sql: 'temporal-sql-tool' };
  if (Object.values(programs).every(name => existsSync(path.join(folder, name)))) return folder;
  await mkdir(folder, { recursive: true });
  const module = 'go.temporal.io/server';
  console.error(`building ${module} ${serverVersion} (some minutes)`);
  for (const [name, source] of Object.entries({ server: 'cmd/server', sql: 'cmd/tools/sql' })) {
    const env = { ...process.env, GOBIN: folder };
    await run('go', ['install', `${module}/${source}@v${serverVersion}`], { env, maxBuffer: 10e6 });
    await rename(path.join(folder, name), path.join(folder, programs[name as keyof typeof programs]));
  }
  return folder;
}
