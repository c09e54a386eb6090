// The doctor finds a machine on which the tests run well, and says what is wrong where something is.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { doctor } from '../../infra/doctor.ts';

afterEach(() => vi.unstubAllEnvs());

test('all is well where the tests run', async () => {
  const diagnoses = await doctor();
  expect(diagnoses.filter(({ ok }) => !ok)).toEqual([]);
  expect(diagnoses.find(({ name }) => name === 'TensorFlow')?.detail).toMatch(
    /^2\.\d+\.\d+ on the (CPU|GPU)/,
  );
  expect(diagnoses.every(({ remedy }) => remedy === '')).toBe(true);
});

test('names what is missing, each with its remedy, and goes on', async () => {
  const empty = await mkdtemp(path.join(tmpdir(), 'simcne-doctor-'));
  vi.stubEnv('PYTHON', path.join(empty, 'python'));
  vi.stubEnv('CXX', path.join(empty, 'compiler'));
  vi.stubEnv('SIMCNE_LIBTENSORFLOW', empty);
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
  vi.stubEnv('SIMCNE_STORE', 'ftp://somewhere');
  const failed = (await doctor()).filter(({ ok }) => !ok);
  await rm(empty, { recursive: true });
  expect(failed.map(({ name }) => name)).toEqual([
    'Python and pip',
    'C++ compiler',
    'TensorFlow',
    'Temporal server',
    'store',
  ]);
  expect(failed.every(({ detail, remedy }) => detail !== '' && remedy !== '')).toBe(true);
});
