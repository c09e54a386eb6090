// Whether dist/ is whole, and made of the sources as they are. Each file that a build read or wrote is held against what the build noted
// of it, as git does with its index: by size and time of change first, by content where those differ.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const dist = path.join(root, 'dist');
const noteFile = path.join(dist, 'sources.json');

/** By path under the root, sorted. */
export function filesOf(folder, ending = '') {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** What is noted of a file, by its path under the root: [size, time of change in ms, SHA-256]. */
export function noteOf(name, content = readFileSync(path.join(root, name))) {
  const { size, ctimeMs } = statSync(path.join(root, name));
  return [size, ctimeMs, digestOf(content)];
}

/** What is noted of a file that was written: whoever looks first looks at its content, as another build may have written it meanwhile. */
export const noteOfWritten = content => [0, 0, digestOf(content)];

const digestOf = content => createHash('sha256').update(content).digest('hex');

/** Written whole, or not at all where dist/ can only be read. */
export function writeNotes(notes) {
  const unfinished = `${noteFile}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(notes));
  renameSync(unfinished, noteFile);
}

/** What the last whole build read. */
export function readNotes() {
  return existsSync(noteFile) ? JSON.parse(readFileSync(noteFile, 'utf8')) : undefined;
}

/** Whether a build of now would read and write what the last whole one did. */
export function isCurrent() {
  const notes = readNotes();
  if (!notes) return false;
  const touched = Object.keys(notes).filter(name => !hasStat(name, notes[name]));
  for (const name of touched) {
    if (!existsSync(path.join(root, name))) return false;
    const note = noteOf(name);
    if (note[2] !== notes[name][2]) return false;
    notes[name] = note;
  }
  if (touched.length > 0) rewrite(notes);
  return true;
}

function hasStat(name, [size, ctimeMs]) {
  const found = statSync(path.join(root, name), { throwIfNoEntry: false });
  return found?.size === size && found.ctimeMs === ctimeMs;
}

function rewrite(notes) {
  try {
    writeNotes(notes);
  } catch {
    // a checkout that is only read: its files are read again next time
  }
}
