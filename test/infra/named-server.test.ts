// A Temporal server that the environment names: each thing that can be wrong with it is told apart, with exit code and way out.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { exitCodeOf } from '../../infra/cli/exit-code.ts';
import { openTemporal, type Temporal } from '../../infra/temporal-server/embedded-server.ts';
import { ensureSearchAttributes } from '../../infra/temporal-server/ensure-search-attributes.ts';
import { connectNamed } from '../../infra/temporal-server/named-server.ts';
import { temporalConfig } from '../../infra/temporal-server/temporal-config.ts';

let folder: string;
const servers: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-named-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => setEnvironment({}));
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

function setEnvironment(variables: Record<string, string>): void {
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env).filter(one => one.startsWith('TEMPORAL_'))) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('TEMPORAL_CONFIG_FILE', path.join(folder, 'none.toml'));
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** What a command says and its exit code, where these variables are set. */
async function told(variables: Record<string, string>): Promise<{ message: string; code: number }> {
  setEnvironment(variables);
  try {
    const { named } = temporalConfig();
    const impatient = { ...named!.connectionOptions, connectTimeout: '400ms' };
    await (await connectNamed({ ...named!, connectionOptions: impatient })).close();
    return { message: 'connected', code: 0 };
  } catch (error) {
    return { message: (error as Error).message, code: exitCodeOf(error) };
  }
}

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A TLS server for 127.0.0.1 with a certificate that nobody else signed, and the files to reach it with. */
function tlsFiles() {
  const [key, cert] = ['key.pem', 'cert.pem'].map(name => path.join(folder, name));
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=simcne -addext subjectAltName=IP:127.0.0.1';
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key, cert };
}

function speakTls(options: TlsOptions = {}): Promise<string> {
  const { key, cert } = files;
  return listen(
    createTlsServer({ key: readFileSync(key), cert: readFileSync(cert), ALPNProtocols: ['h2'], ...options }),
  );
}
let files: ReturnType<typeof tlsFiles>;

describe('settings that cannot be right are refused before any work', () => {
  test.each([
    [{ TEMPORAL_API_KEY: 'abc' }, /no address; set TEMPORAL_ADDRESS/],
    [{ TEMPORAL_TLS: 'true' }, /no address; set TEMPORAL_ADDRESS/],
    [{ TEMPORAL_PROFILE: 'nope' }, /Profile 'nope' not found/],
    [
      { TEMPORAL_ADDRESS: 'a:1', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/none' },
      /cannot be read \(ENOENT.*\/none/,
    ],
    [{ TEMPORAL_ADDRESS: 'a:1', TEMPORAL_TLS_CLIENT_CERT_PATH: '/etc/hostname' }, /needs its key/],
  ] as Record<string, string>[][] as [Record<string, string>, RegExp][])('%o', async (variables, message) => {
    expect(await told(variables)).toEqual({ code: 2, message: expect.stringMatching(message) });
  });

  test('a configuration file that is none', async () => {
    const file = path.join(folder, 'broken.toml');
    await writeFile(file, 'this is no TOML');
    const { code, message } = await told({ TEMPORAL_CONFIG_FILE: file });
    expect(code).toBe(2);
    expect(message).toContain(file);
  });

  test('an address with a scheme', async () => {
    const { code, message } = await told({ TEMPORAL_ADDRESS: 'http://127.0.0.1:7233' });
    expect(code).toBe(2);
    expect(message).toMatch(/host:port/);
  });
});

describe('a server that does not answer is told from wrong settings', () => {
  beforeAll(() => {
    files = tlsFiles();
  });

  test('nothing listens: exit code 1, as it may yet come', async () => {
    const { code, message } = await told({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(code).toBe(1);
    expect(message).toMatch(/127\.0\.0\.1:1 cannot be reached \(nothing listens there/);
  });

  test('no TLS where TLS is wanted, and TLS where none is', async () => {
    const plain = await listen(createServer(socket => socket.on('error', () => {}).end('no TLS\r\n')));
    const tls = await speakTls();
    const [first, second] = [
      await told({ TEMPORAL_ADDRESS: plain, TEMPORAL_TLS: 'true' }),
      await told({ TEMPORAL_ADDRESS: tls }),
    ];
    expect(first).toEqual({ code: 2, message: expect.stringMatching(/speaks no TLS there/) });
    expect(second).toEqual({
      code: 2,
      message: expect.stringMatching(/it speaks TLS; set TEMPORAL_TLS=true/),
    });
  });

  test('a certificate that is not trusted, until its authority is named', async () => {
    const address = await speakTls();
    const stranger = await told({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: 'true' });
    expect(stranger).toEqual({ code: 2, message: expect.stringMatching(/self-signed certificate/) });
    const friend = await told({
      TEMPORAL_ADDRESS: address,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: files.cert,
    });
    expect(friend).toEqual({
      code: 1,
      message: expect.stringMatching(/port is open, but no Temporal server/),
    });
  });

  test('a server that wants to know who asks', async () => {
    const address = await speakTls({ requestCert: true, ca: readFileSync(files.cert) });
    const { code, message } = await told({
      TEMPORAL_ADDRESS: address,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: files.cert,
    });
    expect(code).toBe(2);
    expect(message).toMatch(/TLS: .*(certificate required|refuses)/);
  });
});

describe('a server that answers', () => {
  let server: Temporal;
  beforeAll(async () => {
    setEnvironment({ SIMCNE_HOME: folder });
    server = await openTemporal();
  });
  afterAll(() => server.close());

  test('but has no such namespace: exit code 2, and the command that makes it', async () => {
    const { code, message } = await told({ TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'absent' });
    expect(code).toBe(2);
    expect(message).toMatch(/no namespace absent; .*"temporal operator namespace create --namespace absent /);
  });

  test('and has an attribute of another type: exit code 2', async () => {
    const connection = await Connection.connect({ address: server.address });
    const [namespace, day] = ['other', { seconds: 86_400 as never }];
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: day });
    const keyword = 2;
    const asked = { namespace, searchAttributes: { Seed: keyword } };
    await expect
      .poll(() => connection.operatorService.addSearchAttributes(asked).then(() => true))
      .toBe(true);
    const error = await ensureSearchAttributes(connection, namespace).catch(one => one);
    await connection.close();
    expect(error.message).toMatch(/search attribute Seed must be of type Int/);
    expect(exitCodeOf(error)).toBe(2);
  });
});
