import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockFile } from '../../artifacts/lock.ts';
import { keyOf, type Recipe } from '../../artifacts/recipe.ts';
import { openStore, type Store } from '../../artifacts/store.ts';
import { made, origin } from './made-artifact.ts';

const recipe: Recipe = { step: 'tsne', version: 1, settings: { perplexity: 30 }, inputs: { points: 'abc' } };

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-store-'));
  store = await openStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

/** Makes an artifact of one file and counts how often. */
function maker(contents: string | Buffer = 'embedding') {
  const counter = { calls: 0 };
  const make = async (place: string) => {
    counter.calls++;
    await writeFile(path.join(place, 'embedding.npy'), contents);
    return made;
  };
  return { counter, make };
}

describe('store', () => {
  it('gives back what was made, and makes it once', async () => {
    const { counter, make } = maker();
    const first = await store.make(recipe, origin(), make);
    const second = await store.make(recipe, origin(), make);
    expect(counter.calls).toBe(1);
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.artifact.digest).toBe(first.artifact.digest);
    expect(await readFile(path.join(second.artifact.folder, 'embedding.npy'), 'utf8')).toBe('embedding');
    expect(first.artifact.manifest.summary).toEqual({ n: 3 });
  });

  it.skipIf(!existsSync('/proc/self/io'))('reads what was made once to keep it, and not again', async () => {
    const bytes = 32e6;
    const bytesRead = async () => Number(/rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1]);
    const { make } = maker(Buffer.alloc(bytes));
    const before = await bytesRead();
    await store.make(recipe, origin(), make);
    await store.find(keyOf(recipe));
    expect((await bytesRead()) - before).toBeLessThan(1.5 * bytes);
    await (await openStore(folder)).find(keyOf(recipe)); // another process looks itself
    expect((await bytesRead()) - before).toBeGreaterThan(2 * bytes);
  });

  it('makes a key once for all who ask at the same time', async () => {
    const { counter, make } = maker();
    const slow = async (place: string) => {
      await new Promise(resolve => setTimeout(resolve, 300));
      return make(place);
    };
    const results = await Promise.all(Array.from({ length: 5 }, () => store.make(recipe, origin(), slow)));
    expect(counter.calls).toBe(1);
    expect(results.filter(result => !result.reused)).toHaveLength(1);
  });

  it('who does not want to wait for the one that makes it is told, and makes nothing', async () => {
    const { counter, make } = maker();
    const onBusy = () => {
      throw new Error('busy');
    };
    await store.make(recipe, origin(), async place => {
      await expect(store.make(recipe, origin(), make, { onBusy })).rejects.toThrow('busy');
      return make(place);
    });
    expect(counter.calls).toBe(1);
  });

  it('gives equal contents equal digests, and other contents others', async () => {
    const other = { ...recipe, settings: { perplexity: 31 } };
    const third = { ...recipe, settings: { perplexity: 32 } };
    const a = await store.make(recipe, origin(), maker('same').make);
    const b = await store.make(other, origin(), maker('same').make);
    const c = await store.make(third, origin(), maker('else').make);
    expect(a.artifact.key).not.toBe(b.artifact.key);
    expect(a.artifact.digest).toBe(b.artifact.digest);
    expect(c.artifact.digest).not.toBe(a.artifact.digest);
  });

  it.each([
    ['a flipped bit', (file: string) => writeFile(file, 'embeddinh')],
    ['a truncated file', (file: string) => writeFile(file, 'embed')],
    ['a missing file', (file: string) => rm(file)],
    ['a damaged manifest', (file: string) => writeFile(path.join(file, '..', 'manifest.json'), '{"key": ')],
  ])('takes %s for no hit, and makes the artifact again', async (_what, damage) => {
    const { artifact } = await store.make(recipe, origin(), maker().make);
    await damage(path.join(artifact.folder, 'embedding.npy'));
    const reopened = await openStore(folder);
    expect(await reopened.find(artifact.key)).toBeUndefined();
    const again = await reopened.make(recipe, origin(), maker().make);
    expect(again.reused).toBe(false);
    expect(again.artifact.digest).toBe(artifact.digest);
  });

  it('notices damage that was done after it verified', async () => {
    const { artifact } = await store.make(recipe, origin(), maker().make);
    await writeFile(path.join(artifact.folder, 'embedding.npy'), 'embeddinh');
    expect(await store.find(artifact.key)).toBeUndefined();
  });

  it('notices any flipped bit, cut or deletion of any file of an artifact, and makes it again', async () => {
    const { artifact } = await store.make(recipe, origin(), maker().make);
    const names = ['embedding.npy', 'manifest.json'];
    const whole = new Map<string, Buffer>();
    for (const name of names) whole.set(name, await readFile(path.join(artifact.folder, name)));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom('flip', 'cut', 'delete'),
        async (name, place, kind) => {
          const bytes = Buffer.from(whole.get(name)!);
          const file = path.join(artifact.folder, name);
          if (kind === 'flip') bytes[place % bytes.length] ^= 1 << (place % 8);
          if (kind === 'delete') await rm(file);
          else await writeFile(file, kind === 'cut' ? bytes.subarray(0, place % bytes.length) : bytes);
          expect(await store.find(artifact.key)).toBeUndefined();
          const again = await store.make(recipe, origin(), maker().make);
          expect(again.reused).toBe(false);
          expect(again.artifact.digest).toBe(artifact.digest);
          whole.set('manifest.json', await readFile(path.join(artifact.folder, 'manifest.json')));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps what the first of two makers finished, where a disk keeps its locks to each machine', async () => {
    let finish = () => {};
    const asleep = new Promise<void>(resolve => {
      finish = resolve;
    });
    const slow = store.make(recipe, origin(), async place => {
      await asleep;
      return maker('the zombie’s').make(place);
    });
    await vi.waitFor(async () => expect(await readdir(path.join(folder, 'partial'))).toHaveLength(1), {
      timeout: 60_000,
    });
    await rm(lockFile(path.join(folder, 'locks', keyOf(recipe)))); // the other machine sees none
    const newer = await store.make(recipe, origin(), maker('the newer’s').make);
    finish();
    expect(await slow).toMatchObject({ reused: true, artifact: { digest: newer.artifact.digest } });
    expect(await readFile(path.join(newer.artifact.folder, 'embedding.npy'), 'utf8')).toBe('the newer’s');
    expect(await readdir(path.join(folder, 'partial'))).toEqual([]);
  });

  it('removes checkpoints once the artifact is kept', async () => {
    const checkpoints = store.checkpointFolder(keyOf(recipe));
    await store.make(recipe, origin(), async place => {
      await mkdir(checkpoints, { recursive: true });
      await writeFile(path.join(checkpoints, 'one'), 'state');
      return maker().make(place);
    });
    expect(existsSync(checkpoints)).toBe(false);
  });

  it('leaves nothing behind when making fails, and can make it afterwards', async () => {
    const failing = async (place: string) => {
      await writeFile(path.join(place, 'embedding.npy'), 'half');
      throw new Error('cut off');
    };
    await expect(store.make(recipe, origin(), failing)).rejects.toThrow('cut off');
    expect(await readdir(path.join(folder, 'partial'))).toEqual([]);
    expect(await store.manifests()).toEqual([]);
    expect((await store.make(recipe, origin(), maker().make)).reused).toBe(false);
  });

  it('makes again what began before a forced run, once', async () => {
    const { counter, make } = maker();
    await store.make(recipe, origin('2026-01-01T00:00:00.000Z'), make);
    const since = new Date().toISOString();
    await store.make(recipe, origin(), make, { madeAfter: since });
    const third = await store.make(recipe, origin(), make, { madeAfter: since });
    expect(counter.calls).toBe(2);
    expect(third.reused).toBe(true);
  });
});
