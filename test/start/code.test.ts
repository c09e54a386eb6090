// How processes begin: with a bundle of the very code that lies there.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../infra/home.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

let root: string;
const write = (name: string, text: string) => writeFileSync(path.join(root, name), text);
const start = () => {
  const args = [path.join(root, 'start/process.js'), 'activities/step-child.ts'];
  return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
};
const kept = () => readdirSync(path.join(root, 'node_modules/.cache/simcne/code'));

beforeEach(() => {
  root = temporaryFolder();
  for (const folder of ['activities', 'numeric', 'node_modules']) mkdirSync(path.join(root, folder));
  cpSync(path.join(packageRoot, 'start'), path.join(root, 'start'), { recursive: true });
  for (const name of ['esbuild', 'tsx', 'zod']) {
    symlinkSync(path.join(packageRoot, 'node_modules', name), path.join(root, 'node_modules', name));
  }
  write('package.json', '{ "type": "module" }');
  write('numeric/word.ts', 'export const word: string = "one";');
  write(
    'activities/step-child.ts',
    `import { z } from 'zod';
     import { word } from '../numeric/word.ts';
     interface Said { word: string }
     const said: Said = { word: z.string().parse(word) };
     console.log(said.word, new URL('./x.wat', import.meta.url).pathname, new Error('here').stack?.split('\\n')[1]);`,
  );
});

test('a process begins where the source lies, by its lines; once bundled, no more is made', () => {
  const source = path.join(root, 'activities/step-child.ts');
  const [word, neighbour, ...line] = start().split(' ');
  expect([word, neighbour]).toEqual(['one', path.join(root, 'activities/x.wat')]);
  expect(line.join(' ')).toContain(`${source}:5:`);
  const first = kept();
  expect(start()).toMatch(/^one /);
  expect(kept()).toEqual(first);
});

test('code that was changed is started as it is now; processes that began before keep theirs', () => {
  start();
  const first = kept();
  write('numeric/word.ts', 'export const word: string = "two";');
  expect(start()).toMatch(/^two /);
  expect(kept()).toEqual(expect.arrayContaining(first));
  expect(kept().length).toBe(2);
  write('numeric/word.ts', 'export const word: string = "one";');
  expect(start()).toMatch(/^one /);
  expect(kept().length).toBe(2);
});

test('where nothing can be kept, the source is started', () => {
  write('node_modules/.cache', '');
  expect(start()).toMatch(/^one /);
});

test('code that is wrong is named by its line', () => {
  write('numeric/word.ts', 'export const word: string = ;');
  expect(start).toThrow(/numeric\/word.ts:1:28/);
  expect(kept()).toEqual([]);
});
