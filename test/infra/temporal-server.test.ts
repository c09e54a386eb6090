// The embedded server for real: shared, found again, on other ports where its own are taken, and never left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withLock } from '../../artifacts/lock.ts';
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';
import { homePorts, ownerFiles } from '../../infra/temporal-server/owner-place.ts';
import { searchAttributes } from '../../infra/temporal-server/search-attributes.ts';
import { simcne } from '../integration/command-line.ts';
import { processesOf, signalIfThere, until } from '../integration/processes.ts';

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
  await untilGone();
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

const owner = () => processesOf(home, 'owner.js')[0]?.pid;
const servers = () => processesOf(home, 'server start-dev').map(({ pid }) => pid);

async function untilGone(withinMs = 30_000): Promise<void> {
  await until('the end of all', () => (owner() || servers().length > 0 ? undefined : true), withinMs);
}

describe('the embedded server', () => {
  test('serves with search attributes and long retention, keeps its history, and is gone after the last close', async () => {
    const temporal = await openTemporal();
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
    expect(owner()).toBeDefined();
    await again.close();
    await untilGone(1_000);
    expect(existsSync(path.join(home, 'temporal.db'))).toBe(true);
  });

  test('is shared by processes, and stops within seconds when the last one is killed', async () => {
    const [first, second] = await Promise.all([openElsewhere(), openElsewhere()]);
    expect(second.address).toBe(first.address);
    first.opener.kill('SIGKILL');
    await sleep(1_500);
    expect(owner()).toBeDefined();
    second.opener.kill('SIGKILL');
    await untilGone();
  });

  test('takes other ports where its own are in use', async () => {
    const { port: ownPort, uiPort } = homePorts();
    const squatters = [ownPort, uiPort].map(port =>
      createServer()
        .on('error', () => {})
        .listen(port, '127.0.0.1'),
    );
    await sleep(100);
    const temporal = await openTemporal();
    expect(temporal.address).not.toBe(`127.0.0.1:${ownPort}`);
    expect(temporal.uiUrl).not.toBe(`http://127.0.0.1:${uiPort}`);
    await temporal.close();
    for (const squatter of squatters) squatter.close();
  });

  test.each([
    ['the server', () => servers()],
    ['its owner', () => [owner()]],
    ['both', () => [owner(), ...servers()]],
  ])('killed (%s), is started again where it was, with what it knew', async (_what, victims) => {
    const temporal = await openTemporal();
    const { client, close } = await openClient(temporal);
    const handle = await client.workflow.start('w', { workflowId: 'w', taskQueue: 'q' });
    for (const pid of victims()) signalIfThere(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await temporal.revive()).toBe('started again'), { timeout: 30_000 });
    expect(await temporal.revive()).toBe('as before');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await close();
    await temporal.close();
  });

  test("keeps its place while it is away: another home's server goes elsewhere", async () => {
    const temporal = await openTemporal();
    process.kill(owner(), 'SIGKILL');
    await untilGone();
    const others = path.join(home, 'another');
    vi.stubEnv('SIMCNE_HOME', others);
    const other = await openTemporal();
    vi.stubEnv('SIMCNE_HOME', home);
    expect(other.address).not.toBe(temporal.address);
    expect(await temporal.revive()).toBe('started again');
    await temporal.close();
    await other.close();
  });

  test('that is about to end takes no new command: that one has another started', async () => {
    const first = await openTemporal();
    const ended = first.close();
    const second = await openTemporal();
    await ended;
    expect(await second.revive()).toBe('as before');
    expect((await fetch(second.uiUrl!)).status).toBe(200);
    await second.close();
  });

  test('whose owner is told to end comes back no more', async () => {
    const temporal = await openTemporal();
    process.kill(owner(), 'SIGTERM');
    await vi.waitFor(async () => expect(await temporal.revive()).toBe('gone'), { timeout: 20_000 });
    await temporal.close();
  });

  test('stays from up to down, workers with it; a home where nothing runs is no error', async () => {
    const up = JSON.parse((await simcne(home, 'up', '--json')).stdout);
    expect(processesOf(home, 'simcne.js worker')).toHaveLength(2);
    const temporal = await openTemporal('workers');
    expect(temporal).toMatchObject({ address: up.address, uiUrl: up.temporalUi });
    expect(temporal.goesOn()).toBe(true);
    await temporal.close();
    await sleep(500);
    expect(processesOf(home, 'simcne.js worker')).toHaveLength(2);
    expect(await simcne(home, 'down', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"ended": true/),
    });
    await untilGone(1_000);
    expect(processesOf(home)).toEqual([]);
    expect(await simcne(home, 'down', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"ended": false/),
    });
  });

  test('a home that another machine or container uses is refused, and told where', async () => {
    const files = ownerFiles();
    await mkdir(files.folder, { recursive: true });
    const record = { socket: '/nowhere', host: 'elsewhere', pid: 1, startedAt: '2026-01-01T00:00:00Z' };
    await writeFile(files.record, JSON.stringify(record));
    await withLock(files.lock, undefined, async () => {
      await expect(openTemporal()).rejects.toThrow(/in use by elsewhere \(process 1 there.*TEMPORAL_ADDRESS/);
      expect(servers()).toEqual([]);
    });
  });

  test('a worker that cannot start is told of, with its last words', async () => {
    await mkdir(path.join(home, 'store'), { recursive: true });
    await writeFile(path.join(home, 'store', 'artifacts'), 'a file where a folder should be');
    const temporal = await openTemporal('workers');
    await expect(temporal.workersLost).rejects.toThrow(/worker of queue \w+ has ended 3 times.*artifacts/s);
    await temporal.close();
    expect(await simcne(home, 'up')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ended 3 times/),
    });
    await untilGone(1_000); // it has not stayed
  });

  test('says what is wrong with a broken database, in the words of its log', async () => {
    await writeFile(path.join(home, 'temporal.db'), 'this is no database '.repeat(100));
    await expect(openTemporal()).rejects.toThrow(/file is not a database[\s\S]*move .*temporal\.db away/);
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
    await embedded.close();
  });

  test('that cannot be reached is an error with the way out', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    await expect(openTemporal()).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached.*TEMPORAL_ADDRESS/);
  });
});
