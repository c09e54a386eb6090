// The store that several hosts share, against a real S3 server: every host is a folder of its own.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Superseded, withLease } from '../../artifacts/bucket/lease.ts';
import {
  type ObjectStore,
  openObjectStore,
  requireConditionalWrites,
} from '../../artifacts/bucket/object-store.ts';
import { StoreUnreachable } from '../../artifacts/bucket/object-store-errors.ts';
import { openSharedStore } from '../../artifacts/bucket/shared-store.ts';
import { digestOf } from '../../artifacts/digest.ts';
import { keyOf, type Recipe } from '../../artifacts/recipe.ts';
import { openSealedJson, sealedJson } from '../../artifacts/sealed-json.ts';
import { openStore, type Store } from '../../artifacts/store.ts';
import { openDamagingProxy } from '../s3-server/damaging-proxy.ts';
import { type S3Server, s3ServerProgram, secretOf, startS3Server } from '../s3-server/s3-server.ts';
import { made, origin } from './made-artifact.ts';

const program = await s3ServerProgram();
const bucket = 'simcne-test';
let server: S3Server;
let folder: string;
let address: string;
let objects: ObjectStore;
let counter = 0;

beforeAll(async () => {
  if (program) server = await startS3Server(program, { bucket });
});
afterAll(() => server?.stop());

beforeEach(async () => {
  for (const [name, value] of Object.entries(server?.env ?? {})) vi.stubEnv(name, value);
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-shared-'));
  address = `s3://${bucket}/test-${counter++}`;
  if (program) objects = await openObjectStore(address);
  return async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  };
});

const recipe: Recipe = { step: 'train', version: 1, settings: { epochs: 3 }, inputs: {} };
const key = keyOf(recipe);

/** The store of a host: the same host again where the name is the same. */
async function host(name: string): Promise<Store> {
  return openSharedStore(await openStore(path.join(folder, name)), address);
}

/** Makes an artifact of two files and counts how often. */
function maker(contents: string | Uint8Array = 'network') {
  const count = { calls: 0 };
  const make = async (place: string) => {
    count.calls++;
    await mkdir(path.join(place, 'more'));
    await writeFile(path.join(place, 'more', 'network.bin'), contents);
    await writeFile(path.join(place, 'training.json'), '{}');
    return made;
  };
  return { count, make };
}

const network = (artifact: { folder: string }) => readFile(path.join(artifact.folder, 'more', 'network.bin'));

describe.skipIf(!program)('a store that hosts share', () => {
  it('what one host made, another finds, whole and with its origin; it is brought once', async () => {
    const [a, b] = [await host('a'), await host('b')];
    const { count, make } = maker();
    const { artifact } = await a.make(recipe, origin(), make);
    expect(await b.look(key)).toEqual(artifact.manifest);
    expect(await readdir(path.join(b.folder, 'artifacts'))).toEqual([]);
    const hit = await b.make(recipe, origin(), make);
    expect([count.calls, hit.reused]).toEqual([1, true]);
    expect(hit.artifact.manifest).toEqual(artifact.manifest);
    expect(String(await network(hit.artifact))).toBe('network');
    for (const { name } of await objects.list('files/')) await objects.remove(name);
    expect((await b.find(key))?.digest).toBe(artifact.digest); // from its own copy
    expect(await objects.list('leases/')).toEqual([]);
  });

  it('a file beyond the part size goes up in parts and comes back bit by bit', async () => {
    const bytes = randomBytes(20_000_000);
    await (await host('a')).make(recipe, origin(), maker(bytes).make);
    const found = await (await host('b')).find(key);
    expect((await network(found!)).equals(bytes)).toBe(true);
  });

  it.each([
    ['a file with other bytes', 'files/', (name: string) => objects.write(name, 'netwark')],
    ['a file that was cut', 'files/', (name: string) => objects.write(name, 'net')],
    ['a missing file', 'files/', (name: string) => objects.remove(name)],
    [
      'a changed manifest',
      'artifacts/',
      async (name: string) => {
        const { text } = (await objects.read(name))!;
        await objects.write(name, text.replace('"n": 3', '"n": 4'));
      },
    ],
  ])('%s in the bucket is no hit, and is healed by whoever has it whole', async (_what, prefix, damage) => {
    const [a, b] = [await host('a'), await host('b')];
    const { artifact } = await a.make(recipe, origin(), maker().make);
    for (const { name } of await objects.list(prefix)) await damage(name);
    expect(await b.find(key)).toBeUndefined();
    const { count, make } = maker();
    expect((await a.make(recipe, origin(), make)).reused).toBe(true);
    expect((await b.find(key))?.digest).toBe(artifact.digest);
    expect(count.calls).toBe(0);
  });

  it('what is damaged in the bucket and whole nowhere is made again', async () => {
    await (await host('a')).make(recipe, origin(), maker().make);
    for (const { name } of await objects.list('files/')) await objects.write(name, 'netwark');
    const again = await (await host('b')).make(recipe, origin(), maker().make);
    expect(again.reused).toBe(false);
    expect(String(await network((await (await host('c')).find(key))!))).toBe('network');
  });

  it('hosts that want the same at the same time make it once', async () => {
    const stores = await Promise.all(['a', 'b', 'c'].map(host));
    const { count, make } = maker();
    const slow = async (place: string) => {
      await sleep(500);
      return make(place);
    };
    const results = await Promise.all(stores.map(store => store.make(recipe, origin(), slow)));
    expect(count.calls).toBe(1);
    expect(results.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(new Set(results.map(({ artifact }) => artifact.digest)).size).toBe(1);
  });

  it('of two that made the same without knowing of each other, the first to publish is kept by both', async () => {
    const [a, b] = [await host('a'), await host('b')];
    let newer = '';
    const zombie = await a.make(recipe, origin(), async place => {
      for (const { name } of await objects.list('leases/')) await objects.remove(name); // taken for dead
      newer = (await b.make(recipe, origin(), maker('the newer’s').make)).artifact.digest;
      return maker('the zombie’s').make(place);
    });
    expect(zombie).toMatchObject({ reused: true, artifact: { digest: newer } });
    expect(String(await network((await a.find(key))!))).toBe('the newer’s');
    expect((await b.find(key))?.digest).toBe(newer);
  });

  it('a forced step is made again for all hosts, and old copies give way', async () => {
    const [a, b] = [await host('a'), await host('b')];
    await a.make(recipe, origin('2026-01-01T00:00:00.000Z'), maker('old').make);
    await b.make(recipe, origin(), maker().make);
    const since = new Date().toISOString();
    const { artifact } = await b.make(recipe, origin(), maker('new').make, { madeAfter: since });
    expect(String(await network((await a.find(key, artifact.digest))!))).toBe('new');
    const { count, make } = maker('newer still');
    expect((await a.make(recipe, origin(), make, { madeAfter: since })).artifact.digest).toBe(
      artifact.digest,
    );
    expect(count.calls).toBe(0);
  });

  it('the checkpoints of a host that is lost are another’s, and go once the artifact is kept', async () => {
    const [a, b] = [await host('a'), await host('b')];
    const name = (epoch: number) => `epoch-00000${epoch}-${digestOf(`state ${epoch}`)}`;
    await expect(
      a.make(recipe, origin(), async () => {
        const folder = a.checkpointFolder(key);
        await mkdir(folder, { recursive: true });
        for (const epoch of [1, 2]) await writeFile(path.join(folder, name(epoch)), `state ${epoch}`);
        await vi.waitFor(async () => expect(await objects.list('checkpoints/')).toHaveLength(2), 120_000);
        await rm(path.join(folder, name(1)));
        await writeFile(path.join(folder, name(3)), 'state 3');
        await writeFile(path.join(folder, 'so-far.json'), '{}');
        throw new Error('lost');
      }),
    ).rejects.toThrow('lost');
    expect((await b.checkpointNames(key)).sort()).toEqual([name(2), name(3)]);
    await b.make(recipe, origin(), async place => {
      expect(await readFile(path.join(b.checkpointFolder(key), name(3)), 'utf8')).toBe('state 3');
      return maker().make(place);
    });
    expect(await objects.list('checkpoints/')).toEqual([]);
  });

  it('files beside the artifacts reach other hosts, and the last to write one is right', async () => {
    const [a, b] = [await host('a'), await host('b')];
    const [fileA, fileB] = [a, b].map(({ folder }) => path.join(folder, 'cells', 'smoke', 'one.json'));
    await mkdir(path.dirname(fileA), { recursive: true });
    await writeFile(fileA, 'first');
    await a.push('cells/smoke/');
    await b.pull('cells/smoke/');
    expect(await readFile(fileB, 'utf8')).toBe('first');
    await writeFile(fileB, 'other');
    await b.push('cells/smoke/one.json');
    await a.refresh();
    expect(await readFile(fileA, 'utf8')).toBe('other');
    await a.withdraw('cells/smoke/');
    await rm(fileB);
    await b.pull('cells/');
    expect(await readdir(path.dirname(fileB))).toEqual([]);
  });

  it('nothing of a manifest that leads out of the folder is written', async () => {
    await (await host('a')).make(recipe, origin(), maker().make);
    const name = `artifacts/${key}.json`;
    const manifest = openSealedJson((await objects.read(name))!.text) as { files: Record<string, object> };
    manifest.files = { '../../../escaped': Object.values(manifest.files)[0] };
    await objects.write(name, sealedJson(manifest));
    expect(await (await host('b')).find(key)).toBeUndefined();
    expect(await readdir(path.join(folder))).not.toContain('escaped');
    expect(await readdir(path.join(folder, 'b'))).not.toContain('escaped');
  });
});

describe.skipIf(!program)('behind a line that damages what it carries', () => {
  /** All that lies in the bucket, by name. */
  const inBucket = async () => {
    const listed = await objects.list('');
    const texts = await Promise.all(listed.map(async ({ name }) => (await objects.read(name))!.text));
    return new Map(listed.map(({ name }, i) => [name, digestOf(texts[i])]));
  };
  /** Tries until the line lets it through, as Temporal does. */
  const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnreachable)) throw error;
      }
    }
  };
  const recipes = Array.from({ length: 15 }, (_, seed) => ({ ...recipe, settings: { seed } }));

  it('a host finds everything whole, makes what is missing, and nothing in the bucket is touched', async () => {
    const a = await host('a');
    for (const one of recipes) await a.make(one, origin(), maker(randomBytes(5_000)).make);
    await mkdir(path.join(a.folder, 'cells', 'smoke'), { recursive: true });
    for (const one of recipes)
      await writeFile(path.join(a.folder, 'cells', 'smoke', `${one.settings.seed}.json`), sealedJson(one));
    await a.push('cells/');
    const state = 'state 1';
    await objects.write(`checkpoints/${key}/epoch-000001-${digestOf(state)}`, state);
    const before = await inBucket();
    const line = await openDamagingProxy(server.env.AWS_ENDPOINT_URL_S3, 0);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', line.url);
    const b = await host('b');
    line.share = 0.3;
    for (const one of recipes) {
      const found = await persistently(() => b.find(keyOf(one)));
      expect(found?.digest).toBe((await a.find(keyOf(one)))?.digest);
    }
    await persistently(() => b.refresh());
    for (const one of recipes) {
      const text = await readFile(path.join(b.folder, 'cells', 'smoke', `${one.settings.seed}.json`), 'utf8');
      expect(openSealedJson(text)).toEqual(one);
    }
    expect(await inBucket()).toEqual(before);
    const made = await persistently(() =>
      b.make(recipe, origin(), async place => {
        const name = `epoch-000001-${digestOf(state)}`;
        expect(await readFile(path.join(b.checkpointFolder(key), name), 'utf8')).toBe(state);
        return maker().make(place);
      }),
    );
    expect((await a.find(key))?.digest).toBe(made.artifact.digest);
    expect(line.damaged).toBeGreaterThan(20);
    line.close();
  });

  it('where nothing arrives whole, that is said, and nothing is taken for damaged', async () => {
    await (await host('a')).make(recipe, origin(), maker(randomBytes(5_000)).make);
    const before = await inBucket();
    const line = await openDamagingProxy(server.env.AWS_ENDPOINT_URL_S3, 0, { kinds: ['bit'] });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', line.url);
    const b = await host('b');
    line.share = 1;
    await expect(b.find(key)).rejects.toThrow(/arrived damaged 5 times/);
    expect(await inBucket()).toEqual(before);
    line.close();
  });

  it('what is damaged in the bucket stays there until another takes its place', async () => {
    const [a, b] = [await host('a'), await host('b')];
    await a.make(recipe, origin(), maker().make);
    const names = (await objects.list('files/')).map(({ name }) => name);
    await objects.write(names[0], 'netwark');
    expect(await b.find(key)).toBeUndefined();
    expect(await b.look(key)).toBeUndefined();
    expect((await objects.list('files/')).map(({ name }) => name)).toEqual(names);
    expect((await objects.read(names[0]))?.text).toBe('netwark');
    expect(openSealedJson((await objects.read(`artifacts/${key}.json`))!.text)).toMatchObject({
      damaged: [path.posix.basename(names[0])],
    });
  });
});

describe.skipIf(!program)('a lease', () => {
  const pace = { renewMs: 100, staleMs: 2_000, retryMs: 50 };
  const untilTaken = () => expect.poll(() => objects.list('leases/')).toHaveLength(1);
  /** Something to wait for, and how to bring it about. */
  const gate = () => {
    let resolve = () => {};
    const promise = new Promise<void>(done => {
      resolve = done;
    });
    return { promise, resolve };
  };

  it('passes from a holder that is gone, and tells one that was only slow', async () => {
    const lost = gate();
    let reason: unknown;
    const slow = withLease(
      objects,
      'leases/x',
      undefined,
      async held => {
        await expect.poll(() => held.aborted).toBe(true);
        reason = held.reason;
        lost.resolve();
      },
      { pace: { ...pace, renewMs: 2 * pace.staleMs } },
    );
    await untilTaken();
    await withLease(objects, 'leases/x', undefined, () => lost.promise, { pace });
    await slow;
    expect(reason).toBeInstanceOf(Superseded);
  });

  it('stays with a holder that renews it', async () => {
    const order: string[] = [];
    const first = withLease(
      objects,
      'leases/x',
      undefined,
      () => sleep(2 * pace.staleMs).then(() => order.push('first')),
      { pace },
    );
    await untilTaken();
    await withLease(objects, 'leases/x', undefined, async () => order.push('second'), { pace });
    await first;
    expect(order).toEqual(['first', 'second']);
  });

  it('tells whoever wants it that its holder lives, and not of one that is gone', async () => {
    const onBusy = () => {
      throw new Error('busy');
    };
    const done = gate();
    const held = withLease(objects, 'leases/x', undefined, () => done.promise, { pace });
    await untilTaken();
    const wanting = () => withLease(objects, 'leases/x', undefined, async () => 'mine', { pace, onBusy });
    await expect(wanting()).rejects.toThrow('busy');
    done.resolve();
    await held;
    await objects.write('leases/x', 'of one that is gone', null);
    expect(await wanting()).toBe('mine');
  });

  it('is not waited for by whoever is told to stop', async () => {
    const stop = new AbortController();
    const done = gate();
    const held = withLease(objects, 'leases/x', undefined, () => done.promise, { pace });
    await untilTaken();
    const waiting = withLease(objects, 'leases/x', stop.signal, async () => {}, { pace });
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    done.resolve();
    await held;
  });
});

describe.skipIf(!program)('conditional writes', () => {
  it('are honoured by this server, and missed where a server passes over them', async () => {
    await requireConditionalWrites(objects);
    const careless = { ...objects, write: (name: string, text: string) => objects.write(name, text) };
    await expect(requireConditionalWrites(careless)).rejects.toThrow('does not honour conditional writes');
    expect(await objects.list('probes/')).toEqual([]);
  });
});

describe.skipIf(!program)('what is wrong with a shared store has a name', () => {
  const opened = () => openObjectStore(address);

  it('no such bucket', async () => {
    address = 's3://elsewhere-99/x';
    await expect(opened()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it.each([
    ['credentials without rights', () => server.strangersEnv],
    ['wrong credentials', () => ({ AWS_SECRET_ACCESS_KEY: secretOf('wrong') })],
  ])('%s, and nothing of them is shown', async (_what, env) => {
    for (const [name, value] of Object.entries(env())) vi.stubEnv(name, value);
    const error = await opened().catch(error => error);
    expect(error).toMatchObject({ name: 'StoreDenied' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret-of|key-of|AWS4-HMAC/);
  });

  it('an endpoint that is no URL, and no region', async () => {
    for (const endpoint of ['key:hidden@host', 'hidden', 'http://key:hidden@host:1']) {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
      const error = await opened().catch(error => error);
      expect(error).toMatchObject({ name: 'InvalidStore' });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hidden');
    }
    vi.stubEnv('AWS_ENDPOINT_URL_S3', server.env.AWS_ENDPOINT_URL_S3);
    vi.stubEnv('AWS_REGION', '');
    await expect(opened()).rejects.toMatchObject({ name: 'InvalidStore' });
  });

  it('no server', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:9');
    await expect(opened()).rejects.toMatchObject({ name: 'StoreUnreachable' });
  });

  it('an address that is none, which is not shown where it may hold credentials', async () => {
    address = 's3://key:hidden@bucket/x';
    const error = await opened().catch(error => error);
    expect(error).toMatchObject({ name: 'InvalidStore' });
    expect(String(error)).not.toContain('hidden');
    for (address of ['bucket/x', 'http://bucket', 's3://', 's3://UPPER/x', 's3://bucket/a b']) {
      await expect(opened()).rejects.toMatchObject({ name: 'InvalidStore' });
    }
  });
});
