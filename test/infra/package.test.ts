// The package as its users have it: packed, installed elsewhere from the registry's packages alone, and run from there.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../infra/home.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'simcne-package-'));
const elsewhere = path.join(folder, 'a folder with spaces');
/** Without what npm told the tests of this checkout's settings, and without a home: that is the folder's. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^SIMCNE_HOME$/i.test(name)),
);
const run = async (cwd: string, program: string, ...words: string[]) =>
  (await promisify(execFile)(program, words, { cwd, env, maxBuffer: 1 << 26 })).stdout;
const simcne = (...words: string[]) => run(elsewhere, 'npx', 'simcne', ...words);
const installedFiles = () =>
  readdirSync(path.join(elsewhere, 'node_modules'), { recursive: true, encoding: 'utf8' }).sort();

const registryAnswers = await run('/', 'npm', 'view', 'zod', 'version').then(
  () => true,
  () => false,
);
if (!registryAnswers) console.warn('the package is not tested: the registry does not answer');

let files: string[];

beforeAll(async () => {
  mkdirSync(elsewhere);
  writeFileSync(path.join(elsewhere, 'package.json'), '{ "private": true }');
  const packed = await run(packageRoot, 'npm', 'pack', '--json', '--pack-destination', elsewhere);
  const [{ filename, files: listed }] = JSON.parse(packed);
  files = listed.map((file: { path: string }) => file.path);
  if (registryAnswers) await run(elsewhere, 'npm', 'install', '--no-audit', `./${filename}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds what Node runs, and neither sources nor tests', () => {
  expect(files).toContain('dist/command-line.js');
  expect(files.filter(file => /\.(ts|map|tgz)$|^test\//.test(file))).toEqual([]);
});

test('holds nothing that earlier builds left in dist/', () => {
  const built = JSON.parse(readFileSync(path.join(packageRoot, 'dist', 'sources.json'), 'utf8'));
  expect(files.filter(file => file.startsWith('dist/') && !Object.hasOwn(built, file))).toEqual([]);
});

test.runIf(registryAnswers)('runs an experiment from there, and writes nothing beside its code', async () => {
  const before = installedFiles();
  expect(await simcne('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { cells } = JSON.parse(await simcne('run', 'smoke', '--json'));
  expect(cells.map(({ status }: { status: string }) => status)).toEqual(['done', 'done', 'done', 'done']);
  const { rows } = JSON.parse(await simcne('table', 'smoke', '--json'));
  expect(rows.map((row: { knn: { mean: number } }) => row.knn.mean)).toEqual(
    cells.map(({ knn }: { knn: number }) => knn),
  );
  expect(readdirSync(path.join(elsewhere, '.simcne'))).toContain('store');
  expect(installedFiles()).toEqual(before);
});
