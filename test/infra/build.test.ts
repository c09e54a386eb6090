// A checkout runs the very code that lies there: built where sources have changed, and only there.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../infra/home.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

let root: string;
const command = () => path.join(root, 'infra', 'simcne.js');
const write = (name: string, text: string) => writeFileSync(path.join(root, name), text);
const start = () => execFileSync(process.execPath, [command()], { encoding: 'utf8', stdio: 'pipe' }).trim();
const builtAt = () => statSync(path.join(root, 'dist/command-line.js')).mtimeMs;

beforeEach(() => {
  root = temporaryFolder();
  for (const folder of ['infra/cli', 'numeric', 'dist'])
    mkdirSync(path.join(root, folder), { recursive: true });
  cpSync(path.join(packageRoot, 'infra/build'), path.join(root, 'infra/build'), { recursive: true });
  cpSync(path.join(packageRoot, 'infra/simcne.js'), command());
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'));
  write('package.json', '{ "type": "module", "dependencies": { "zod": "*" } }');
  write('numeric/word.ts', 'export const word: string = "one";');
  write('numeric/late.ts', 'export const late: string = "late one";');
  write(
    'infra/cli/main.ts',
    `import { z } from 'zod';
     import { word } from '../../numeric/word.ts';
     interface Said { word: string }
     export async function runCommandLine() {
       const said: Said = { word: z.string().parse(word) };
       console.log(said.word, new URL('./x.py', import.meta.url).pathname, new Error('here').stack?.split('\\n')[1]);
       if (!process.send) return;
       process.send('began');
       process.once('message', async () => {
         console.log((await import('../../numeric/late.ts')).late);
         process.disconnect();
       });
     }`,
  );
});

test('a command finds the neighbours of its sources, and names their lines', () => {
  const [word, neighbour, ...line] = start().split(' ');
  expect([word, neighbour]).toEqual(['one', path.join(root, 'infra/cli/x.py')]);
  expect(line.join(' ')).toContain(`${path.join(root, 'infra/cli/main.ts')}:6:`);
});

test('sources that were changed are built again; those that were touched, or changed and changed back, are not', () => {
  expect(start()).toMatch(/^one /);
  const first = builtAt();
  utimesSync(path.join(root, 'numeric/word.ts'), 1, 1);
  expect(start()).toMatch(/^one /);
  write('numeric/word.ts', 'export const word: string = "two";');
  write('numeric/word.ts', 'export const word: string = "one";');
  expect(start()).toMatch(/^one /);
  expect(builtAt()).toBe(first);
  write('numeric/word.ts', 'export const word: string = "two";'); // as many letters
  utimesSync(path.join(root, 'numeric/word.ts'), 1, 1); // as old as before
  expect(start()).toMatch(/^two /);
  expect(builtAt()).not.toBe(first);
});

test('what is missing from dist/, or is not what was built, is built again', () => {
  start();
  write('dist/command-line.js', 'throw new Error("of another build, which was interrupted")');
  expect(start()).toMatch(/^one /);
  rmSync(path.join(root, 'dist/command-line.js'));
  expect(start()).toMatch(/^one /);
});

test('a process that runs goes on with the code that it began with, in what it loads late, too', async () => {
  start();
  const running = spawn(process.execPath, [command()], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let said = '';
  running.stdout!.on('data', text => {
    said += text;
  });
  await once(running, 'message');
  write('numeric/late.ts', 'export const late: string = "late two";');
  start();
  running.send('go on');
  await once(running, 'close');
  expect(said).toMatch(/late one\n$/);
});

test('code that is wrong is named by its line, and nothing old is run instead; nor where nothing can be written', () => {
  start();
  const before = readFileSync(path.join(root, 'dist/command-line.js'), 'utf8');
  write('numeric/word.ts', 'export const word: string = ;');
  expect(start).toThrow(
    /^.*\nsimcne: dist\/ is not what the sources say, and cannot be built: .*\nnumeric\/word.ts:1:28/,
  );
  expect(readFileSync(path.join(root, 'dist/command-line.js'), 'utf8')).toBe(before);
  rmSync(path.join(root, 'numeric/word.ts'));
  expect(start).toThrow(/Could not resolve ".*word.ts"/);
  write('numeric/word.ts', 'export const word: string = "one";');
  rmSync(path.join(root, 'dist'), { recursive: true });
  write('dist', '');
  expect(start).toThrow(/cannot be built: (ENOTDIR|EEXIST)/);
});

test('a package, which has nothing to build from, runs what it brings', () => {
  start();
  rmSync(path.join(root, 'infra/build'), { recursive: true });
  write('numeric/word.ts', 'export const word: string = "two";');
  expect(start()).toMatch(/^one /);
});
