// What `data fetch --from` means: files, folders, and what is still missing.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../datasets/fetching/source-file.ts';
import { filesByHand } from '../../infra/cli/commands/data/files-by-hand.ts';
import { UsageError } from '../../infra/cli/usage-error.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

const several: SourceFile[] = ['x.gz', 'y.gz'].map(name => ({ name, sources: [] }));
const archive: SourceFile[] = [{ name: 'cells.zip', packs: /\.tiff$/, sources: [] }];
const none = new Set<string>();

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), name);
  }
  return folder;
}

describe('filesByHand', () => {
  it('finds files in a folder, and among files named one by one', async () => {
    const folder = folderWith('x.gz', 'y.gz', 'other.txt');
    const places = ['x.gz', 'y.gz'].map(name => [name, path.join(folder, name)]);
    expect([...(await filesByHand('parts', several, [folder], none))]).toEqual(places);
    const named = places.map(([, place]) => place);
    expect([...(await filesByHand('parts', several, named, none))]).toEqual(places);
  });

  it('takes the one file of a set under any name', async () => {
    const file = path.join(folderWith('download(1).zip'), 'download(1).zip');
    expect([...(await filesByHand('cells', archive, [file], none))]).toEqual([['cells.zip', file]]);
  });

  it('takes a folder for the archive that it was unpacked from, but for one that holds the archive', async () => {
    const unpacked = folderWith('A/1.tiff');
    expect((await filesByHand('cells', archive, [unpacked], none)).get('cells.zip')).toBe(unpacked);
    const holding = folderWith('cells.zip', 'A/1.tiff');
    const found = await filesByHand('cells', archive, [holding], none);
    expect(found.get('cells.zip')).toBe(path.join(holding, 'cells.zip'));
  });

  it('says what is missing, but for what has arrived before', async () => {
    const folder = folderWith('x.gz');
    const missing = filesByHand('parts', several, [folder], none);
    await expect(missing).rejects.toThrow(UsageError);
    await expect(missing).rejects.toThrow('parts consists of 2 files, and 1 of them are missing: y.gz;');
    expect([...(await filesByHand('parts', several, [folder], new Set(['y.gz']))).keys()]).toEqual(['x.gz']);
  });

  it('refuses what is not there, and what is not wanted', async () => {
    await expect(filesByHand('parts', several, ['/no/such'], none)).rejects.toThrow(
      '--from /no/such: there is no such file or folder',
    );
    const folder = folderWith('z.gz');
    for (const place of [folder, path.join(folder, 'z.gz')]) {
      await expect(filesByHand('parts', several, [place], none)).rejects.toThrow(
        `--from ${place}: none of parts's files, which are x.gz, y.gz`,
      );
    }
  });
});
