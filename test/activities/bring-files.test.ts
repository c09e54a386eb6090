// Data sets of several files: downloaded from loopback or brought by hand, each verified, none brought twice.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type BringJob, bringFiles, type WantedFile } from '../../activities/bring-files.ts';
import { ChecksumMismatch, Unavailable } from '../../datasets/fetching/source-file.ts';
import { InvalidDataset } from '../../datasets/image-set.ts';
import { leukemia } from '../../datasets/leukemia/leukemia-set.ts';
import { file, serve, status } from '../datasets/file-server.ts';
import { zip } from '../datasets/leukemia-files.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

const contents = [randomBytes(3000), randomBytes(2000)];

function wanted(...urls: string[]): WantedFile[] {
  return urls.map((url, i) => ({
    source: {
      name: `part-${i}.bin`,
      dataset: 'parts',
      md5: createHash('md5').update(contents[i]).digest('hex'),
      sources: [{ kind: 'url', url }],
    },
    keptAs: `kept-${i}.bin`,
  }));
}

/** A job of a step, as if in a store; every attempt has a folder of its own. */
function attemptIn(store: string): BringJob {
  const folder = path.join(store, 'partial', randomBytes(4).toString('hex'));
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    store,
    downloads: [],
    checkpointFolder: path.join(store, 'checkpoints'),
    signal: new AbortController().signal,
    onProgress: () => {},
  };
}

function expectBrought({ folder, checkpointFolder }: BringJob): void {
  contents.forEach((content, i) => {
    expect(readFileSync(path.join(folder, `kept-${i}.bin`)).equals(content)).toBe(true);
  });
  expect(existsSync(checkpointFolder)).toBe(false);
}

it('takes a file that was downloaded before, but not a damaged one, nor one that nothing tells to be the right one', async () => {
  const servers = [
    await serve(file(contents[0])),
    await serve(file(contents[1])),
    await serve(file(contents[1])),
  ];
  const files = wanted(...servers.map(({ url }) => url).slice(0, 2));
  const [store, empty, downloads] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  writeFileSync(path.join(downloads, 'part-0.bin'), contents[0]);
  writeFileSync(path.join(downloads, 'part-1.bin'), contents[0]);
  writeFileSync(path.join(downloads, 'unknown.bin'), contents[1]);
  const unknown = { name: 'unknown.bin', sources: [{ kind: 'url', url: servers[2].url }] } as const;
  const job = { ...attemptIn(store), downloads: [empty, downloads] };
  expect(await bringFiles([...files, { source: unknown, keptAs: 'unknown.bin' }], job)).toEqual({
    'part-0.bin': path.join(downloads, 'part-0.bin'),
    'part-1.bin': servers[1].url,
    'unknown.bin': servers[2].url,
  });
  expect(servers.map(({ requests }) => requests.length)).toEqual([0, 1, 1]);
  expectBrought(job);
  expect(readFileSync(path.join(downloads, 'part-0.bin')).equals(contents[0])).toBe(true); // a copy was taken
});

it('does not bring a file again because another one failed', async () => {
  const [first, second] = [await serve(file(contents[0])), await serve(status(404), file(contents[1]))];
  const [store, files] = [temporaryFolder(), wanted(first.url, second.url)];
  await expect(bringFiles(files, attemptIn(store))).rejects.toThrow(Unavailable);
  const job = attemptIn(store);
  expect(await bringFiles(files, job)).toEqual({
    'part-0.bin': 'an earlier attempt',
    'part-1.bin': second.url,
  });
  expect(first.requests.length).toBe(1);
  expectBrought(job);
});

it('brings a file again that was damaged while it waited', async () => {
  const [first, second] = [await serve(file(contents[0])), await serve(status(404), file(contents[1]))];
  const [store, files] = [temporaryFolder(), wanted(first.url, second.url)];
  await expect(bringFiles(files, attemptIn(store))).rejects.toThrow(Unavailable);
  writeFileSync(path.join(store, 'checkpoints', 'part-0.bin'), 'something else');
  const job = attemptIn(store);
  expect((await bringFiles(files, job))['part-0.bin']).toBe(first.url);
  expectBrought(job);
});

it('takes files that were brought by hand, and keeps those that are right where one is not', async () => {
  const store = temporaryFolder();
  const [given, nowhere] = [temporaryFolder(), 'http://127.0.0.1:1/'];
  const place = (i: number) => path.join(given, `part-${i}.bin`);
  const byHand = (...which: number[]) => new Map(which.map(i => [`part-${i}.bin`, place(i)]));
  writeFileSync(place(0), contents[0]);
  writeFileSync(place(1), 'half of it');
  const files = wanted(nowhere, nowhere);
  await expect(bringFiles(files, attemptIn(store), { byHand: byHand(0, 1) })).rejects.toThrow(
    /part-1\.bin: expected md5 [\s\S]*simcne data fetch parts --from FILE/,
  );
  expect(readdirSync(path.join(store, 'checkpoints'))).toEqual(['part-0.bin']);
  writeFileSync(place(1), contents[1]);
  const job = attemptIn(store);
  await bringFiles(files, job, { byHand: byHand(1) });
  expectBrought(job);
  expect(readdirSync(given)).toEqual(['part-0.bin', 'part-1.bin']);
});

it('trusts a file of unknown digest the first time, and no other one later', async () => {
  const store = temporaryFolder();
  const source = { name: 'cells.zip', dataset: 'cells', firstBytes: 'zip', sources: [] } as const;
  const files = [{ source, keptAs: 'cells.zip' }];
  const [one, other] = ['one', 'other'].map(name => {
    const given = path.join(temporaryFolder(), `${name}.zip`);
    writeFileSync(given, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(name)]));
    return given;
  });
  const bring = (from: string) =>
    bringFiles(files, attemptIn(store), { byHand: new Map([['cells.zip', from]]) });
  await bring(one);
  await bring(one);
  const refused = bring(other);
  await expect(refused).rejects.toThrow(ChecksumMismatch);
  const record = path.join(store, 'first-seen', 'cells.zip.json');
  await expect(refused).rejects.toThrow(`from ${one}; remove ${record} to trust another)`);
  expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ bytes: 7, source: one });
});

it('neither keeps nor remembers a file of unknown digest that cannot be read', async () => {
  const store = temporaryFolder();
  const job = attemptIn(store);
  const wrong = path.join(temporaryFolder(), 'cats.zip');
  writeFileSync(wrong, zip({ 'cats/cat.tiff': Buffer.of(1) }));
  const [source] = leukemia.files;
  const byHand = new Map([[source.name, wrong]]);
  const bringing = bringFiles([{ source, keptAs: source.name }], job, { byHand, dataset: leukemia });
  await expect(bringing).rejects.toThrow(InvalidDataset);
  expect(readdirSync(job.checkpointFolder)).toEqual([]);
  expect(existsSync(path.join(store, 'first-seen'))).toBe(false);
});

it('packs a folder that stands for an archive', async () => {
  const store = temporaryFolder();
  const source = { name: 'cells.zip', packs: /\.txt$/, firstBytes: 'zip', sources: [] } as const;
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'a'));
  writeFileSync(path.join(folder, 'a', 'b.txt'), 'text');
  const job = attemptIn(store);
  await bringFiles([{ source, keptAs: 'kept.zip' }], job, { byHand: new Map([['cells.zip', folder]]) });
  expect(readFileSync(path.join(job.folder, 'kept.zip')).includes('a/b.txt')).toBe(true);
  const empty = new Map([['cells.zip', path.join(folder, 'empty')]]);
  mkdirSync(path.join(folder, 'empty'));
  await expect(
    bringFiles([{ source, keptAs: 'kept.zip' }], attemptIn(store), { byHand: empty }),
  ).rejects.toThrow(/cells\.zip: .*cannot be taken over \(the folder holds none of its files/);
});
