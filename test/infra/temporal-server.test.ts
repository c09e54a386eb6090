// The embedded server for real: shared, found again, on other ports where its own are taken, and never left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';
import { isSameProcess, processStart } from '../../infra/temporal-server/process-identity.ts';
import { searchAttributes } from '../../infra/temporal-server/search-attributes.ts';
import { readRecord, type ServerRecord, serverFiles } from '../../infra/temporal-server/server-files.ts';

const waiting = { timeout: 120_000 };
let home: string;
const openers: ChildProcess[] = [];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'simcne-temporal-'));
  vi.stubEnv('SIMCNE_HOME', home);
  vi.stubEnv('TEMPORAL_ADDRESS', undefined);
  vi.stubEnv('TEMPORAL_NAMESPACE', undefined);
  vi.stubEnv('TEMPORAL_CONFIG_FILE', path.join(home, 'none.toml'));
});
afterEach(async () => {
  for (const opener of openers.splice(0)) opener.kill('SIGKILL');
  const record = readRecord(serverFiles());
  if (record) await untilGone(record);
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** Another command of this home: opens the server, says where it is, and stays. */
async function openElsewhere(): Promise<{ opener: ChildProcess; address: string }> {
  const starter = fileURLToPath(new URL('../typescript-start.js', import.meta.url));
  const opener = spawn(process.execPath, [starter, new URL('./opener.ts', import.meta.url).href], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  openers.push(opener);
  const [said] = await once(opener.stdout!, 'data');
  return { opener, address: String(said).trim() };
}

async function untilGone({ server, supervisor }: ServerRecord): Promise<void> {
  const alive = () => [server, supervisor].filter(({ pid, start }) => isSameProcess(pid, start));
  await expect.poll(alive).toEqual([]);
}

describe('the embedded server', () => {
  test('serves with search attributes and long retention, keeps its history, and is gone after the last close', async () => {
    const temporal = await openTemporal();
    const record = readRecord(serverFiles())!;
    const connection = await Connection.connect(temporal.connectionOptions);
    const { namespace } = temporal;
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(searchAttributes)));
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBeGreaterThan(10 * 365 * 86_400);
    await connection.close();
    expect((await fetch(temporal.uiUrl!)).status).toBe(200);

    const again = await openTemporal();
    expect(again.address).toBe(temporal.address);
    await temporal.close();
    expect(isSameProcess(record.server.pid, record.server.start)).toBe(true);
    await again.close();
    expect(readRecord(serverFiles())).toBeUndefined();
    await untilGone(record);
    expect(existsSync(path.join(home, 'temporal.db'))).toBe(true);
  });

  test('is shared by processes, and stops within seconds when the last one is killed', async () => {
    const [first, second] = await Promise.all([openElsewhere(), openElsewhere()]);
    expect(second.address).toBe(first.address);
    const record = readRecord(serverFiles())!;
    first.opener.kill('SIGKILL');
    await sleep(1_500);
    expect(isSameProcess(record.server.pid, record.server.start)).toBe(true);
    second.opener.kill('SIGKILL');
    await untilGone(record);
    expect(await readdir(serverFiles().leases)).toEqual([]);
  });

  test('takes other ports where its own are in use', async () => {
    const squatters = [7233, 8233].map(port => createServer().listen(port, '127.0.0.1'));
    const taken = squatters.map(one => once(one, 'listening').catch(() => 'by others')); // the error of a port in use
    await Promise.all(taken);
    const temporal = await openTemporal();
    expect(temporal.address).not.toBe('127.0.0.1:7233');
    expect(temporal.uiUrl).not.toBe('http://127.0.0.1:8233');
    await temporal.close();
    for (const squatter of squatters) squatter.close();
  });

  test('left without its supervisor gets another from whoever opens it or uses it, and serves on', async () => {
    const temporal = await openTemporal();
    for (const another of [openTemporal, async () => void (await temporal.revive())]) {
      const orphaned = readRecord(serverFiles())!;
      const { pid, start } = orphaned.supervisor;
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => isSameProcess(pid, start)).toBe(false);
      const second = await another();
      const { server, supervisor } = readRecord(serverFiles())!;
      expect(server).toEqual(orphaned.server);
      expect(isSameProcess(supervisor.pid, supervisor.start)).toBe(true);
      expect(supervisor).not.toEqual(orphaned.supervisor);
      await second?.close();
    }
    expect(await temporal.revive()).toBe('as before');
    await temporal.close();
  });

  test('killed, alone or with its supervisor, is started again where it was, with what it knew', async () => {
    const temporal = await openTemporal();
    const { client, close } = await openClient(temporal);
    const handle = await client.workflow.start('w', { workflowId: 'w', taskQueue: 'q' });
    for (const victims of [['server'], ['server', 'supervisor']] as const) {
      const before = readRecord(serverFiles())!;
      for (const victim of victims) process.kill(before[victim].pid, 'SIGKILL');
      await vi.waitFor(async () => expect(await temporal.revive()).toBe('started again'), waiting);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      expect(readRecord(serverFiles())).toMatchObject({ port: before.port, uiPort: before.uiPort });
    }
    await close();
    await temporal.close();
  });

  test('whose supervisor is told to end comes back no more', async () => {
    const temporal = await openTemporal();
    process.kill(readRecord(serverFiles())!.supervisor.pid, 'SIGTERM');
    await vi.waitFor(async () => expect(await temporal.revive()).toBe('gone'), waiting);
    await temporal.close();
  });

  test('says what is wrong with a broken database, in the words of its log', async () => {
    await writeFile(path.join(home, 'temporal.db'), 'this is no database '.repeat(100));
    await expect(openTemporal()).rejects.toThrow(/file is not a database[\s\S]*move .*temporal\.db away/);
    expect(await readdir(serverFiles().leases)).toEqual([]);
  });

  test('uses a namespace that the environment names, and makes it', async () => {
    vi.stubEnv('TEMPORAL_NAMESPACE', 'other');
    const temporal = await openTemporal();
    expect(temporal.namespace).toBe('other');
    await temporal.close();
  });
});

describe('a server that the environment names', () => {
  test('is used as it is, and completed; nothing is started', async () => {
    const embedded = await openTemporal();
    vi.stubEnv('TEMPORAL_ADDRESS', embedded.address);
    const named = await openTemporal();
    expect(named).toMatchObject({ address: embedded.address, namespace: 'default', isEmbedded: false });
    await named.close();
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
    expect((await readFile(serverFiles().record, 'utf8')).length).toBeGreaterThan(0);
    await embedded.close();
  });

  test('that cannot be reached is an error with the way out', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    await expect(openTemporal()).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached.*TEMPORAL_ADDRESS/);
  });
});

test('a process is told from a later one of the same id', () => {
  const start = processStart(process.pid)!;
  expect(isSameProcess(process.pid, start)).toBe(true);
  expect(isSameProcess(process.pid, `${start}1`)).toBe(false);
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
});
