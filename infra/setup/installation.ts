// A folder of installed files in the cache: made whole or not at all, with a manifest of sizes and checksums.
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { fileDigest } from '../../artifacts/digest.ts';

const manifestName = 'installed.json';

const Manifest = z.object({
  /** Where the files came from, in words. */
  source: z.string(),
  /** The version that the installed program or library gave itself. */
  version: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/**
 * Makes the installation `folder`: `build` fills an empty folder beside it and says what it made; with its manifest it
 * then takes the place of whatever was there. Leftovers of interrupted attempts are removed. Call it under the set-up lock.
 */
export async function install(
  folder: string,
  build: (folder: string) => Promise<{ source: string; version: string }>,
): Promise<Manifest> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const made = await build(partial);
    const manifest = { ...made, files: await checksums(partial) };
    await writeFile(path.join(partial, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return manifest;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The manifest of a complete installation: every file is there with its size. Undefined where it is not. */
export async function readInstallation(folder: string): Promise<Manifest | undefined> {
  const manifest = await readManifest(folder);
  for (const file of manifest?.files ?? []) {
    const found = await stat(path.join(folder, file.path)).catch(() => undefined);
    if (found?.size !== file.bytes) return undefined;
  }
  return manifest;
}

/** The files of an installation whose content is not what was installed. Reads all of it: seconds a gigabyte. */
export async function damagedFiles(folder: string, manifest: Manifest): Promise<string[]> {
  const damaged: string[] = [];
  for (const file of manifest.files) {
    const found = await fileDigest(path.join(folder, file.path)).catch(() => 'missing');
    if (found !== file.sha256) damaged.push(file.path);
  }
  return damaged;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return Manifest.parse(JSON.parse(await readFile(path.join(folder, manifestName), 'utf8')));
  } catch {
    return undefined;
  }
}

async function checksums(folder: string): Promise<Manifest['files']> {
  const files: Manifest['files'] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const file = path.join(folder, name);
    const found = await lstat(file);
    if (found.isFile()) files.push({ path: name, bytes: found.size, sha256: await fileDigest(file) });
  }
  return files;
}
