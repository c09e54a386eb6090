// Code that makes results does not change unnoticed: either what a step makes changed, and its version was raised, or it did not,
// and somebody said so. "npm run accept-steps" notes the code as it stands.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { stepVersions } from '../../activities/recipe-of.ts';
import { type StepName, stepNames } from '../../experiments/steps.ts';
import { stepSources } from './step-sources.ts';

interface Noted {
  versions: Record<StepName, number>;
  digests: Record<string, string>;
}

const noteFile = fileURLToPath(new URL('./step-sources.json', import.meta.url));

const { digests, files } = stepSources();

it('a step whose code changed has another version, or was said to make what it made before', () => {
  const sorted = Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
  const now: Noted = { versions: stepVersions, digests: sorted };
  if (process.env.ACCEPT_STEPS) writeFileSync(noteFile, `${JSON.stringify(now, undefined, 2)}\n`);
  const noted: Noted = JSON.parse(readFileSync(noteFile, 'utf8'));
  const changed = stepNames.flatMap(step => {
    const names = files[step].filter(file => digests[file] !== noted.digests[file]);
    return names.length > 0 && stepVersions[step] === noted.versions[step]
      ? [`  ${step} (version ${stepVersions[step]}): ${names.join(', ')}`]
      : [];
  });
  const advice =
    `The code of these steps changed, and their versions did not:\n${changed.join('\n')}\n` +
    'If they make other results now, raise their versions in activities/recipe-of.ts. In any case note the code as it stands:\n' +
    '  npm run accept-steps';
  expect(changed, advice).toEqual([]);
});

it('follows imports into threads and through folders, and sees code, not comments', () => {
  expect(files.train).toContain('learning/views/view.thread.ts');
  expect(files.score).toContain('numeric/scores/plane-tile.wat');
  expect(files.tsne).toContain('numeric/tsne/optimisation.thread.ts');
  expect(files.tsne.some(file => file.startsWith('learning/'))).toBe(false);
  expect(new Set(Object.values(files).flat())).toEqual(new Set(Object.keys(digests)));
});
