// The long form of the chaos test, for a quiet hour; the short form runs in npm test.
//   npx tsx test/chaos/long-form.ts [--kills 50] [--seed 1] [--experiment smoke] [--home FOLDER]
// A run that is killed at random ends with the same digests as a calm one; the ledger says what was killed, and what that cost. With --home it goes
// on in that folder, so that it can be done in slices.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../numeric/random.ts';
import { artifactDigests } from '../integration/artifact-digests.ts';
import { simcne, temporaryHome } from '../integration/command-line.ts';
import { chaos, type Victim } from './chaos.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    experiment: { type: 'string', default: 'smoke' },
    home: { type: 'string' },
  },
});
const words = ['run', values.experiment];
const among: Victim[] = ['child', 'child', 'child', 'worker', 'command line', 'server', 'supervisor'];

const temporary = values.home === undefined ? await temporaryHome() : undefined;
const folder = path.resolve(temporary?.home ?? values.home!);
const [calm, home] = ['calm', 'rough'].map(name => path.join(folder, name));
for (const place of [calm, home]) await mkdir(place, { recursive: true });
const started = performance.now();
try {
  const first = await simcne(calm, ...words, '--json');
  if (first.code !== 0) throw new Error(`the calm run failed:\n${first.stderr}`);
  const ledger = await chaos({
    home,
    words,
    among,
    kills: Number(values.kills),
    random: new Random(Number(values.seed)),
    onKill: (victim, count) => console.error(`${count}: ${victim}`),
  });
  const { stdout } = await simcne(home, 'status', values.experiment, '--json');
  const time = JSON.parse(stdout).ledger;
  const [expected, found] = [await artifactDigests(calm), await artifactDigests(home)];
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const different = [...names].filter(name => expected[name] !== found[name]);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(JSON.stringify({ ...ledger, artifacts: names.size, different, seconds, time }));
  process.exitCode = different.length > 0 ? 1 : 0;
} finally {
  await temporary?.remove();
}
