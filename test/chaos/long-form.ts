// The long form of the chaos test, for a quiet hour; the short form runs in npm test.
//   npx tsx test/chaos/long-form.ts [--kills 50] [--pause 1.5] [--seed 1] [--experiment smoke] [--home FOLDER] [--minutes M]
// A run that is killed at random ends with the same digests as a calm one; the ledger says what was killed. Where the experiment
// is published, its published digests are those of the calm run. With --home it goes on in that folder, and --minutes bounds one slice.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../numeric/random.ts';
import { artifactDigests, compareDigests } from '../integration/artifact-digests.ts';
import { simcne, temporaryHome } from '../integration/command-line.ts';
import { chaos, emptyLedger, type Victim } from './chaos.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    pause: { type: 'string', default: '1.5' },
    seed: { type: 'string', default: '1' },
    experiment: { type: 'string', default: 'smoke' },
    home: { type: 'string' },
    minutes: { type: 'string', default: 'Infinity' },
  },
});
const words = ['run', values.experiment];
const among: Victim[] = [
  ...(['child', 'child', 'child', 'worker', 'worker', 'command line', 'server', 'owner'] as const),
  ...(['cancel', 'cancel', 'terminate', 'terminate'] as const),
];

const temporary = values.home === undefined ? await temporaryHome() : undefined;
const folder = path.resolve(temporary?.home ?? values.home!);
const [calm, home] = ['calm', 'rough'].map(name => path.join(folder, name));
const ledgerFile = path.join(folder, 'ledger.json');
const publishedFile = fileURLToPath(
  new URL(`../../reports/published/${values.experiment}/provenance.json`, import.meta.url),
);
const started = performance.now();
try {
  const expected = existsSync(publishedFile) ? await publishedDigests() : await calmDigests();
  await mkdir(home, { recursive: true });
  const before = existsSync(ledgerFile) ? JSON.parse(await readFile(ledgerFile, 'utf8')) : emptyLedger;
  const end = new AbortController();
  if (Number.isFinite(Number(values.minutes))) {
    setTimeout(() => end.abort(), Number(values.minutes) * 60_000).unref();
  }
  const ledger = await chaos(
    {
      home,
      words,
      among,
      kills: Number(values.kills),
      pauseSeconds: Number(values.pause),
      random: new Random(Number(values.seed)),
      signal: end.signal,
      onKill: (victim, line, { kills, starts }) =>
        console.error(
          `${seconds()} s, start ${starts}: ${victim} ${line.split(' ').at(-1)} ${JSON.stringify(kills)}`,
        ),
    },
    before,
  );
  const total = (before.seconds ?? 0) + seconds();
  await writeFile(ledgerFile, JSON.stringify({ ...ledger, seconds: total }));
  const found = await artifactDigests(home);
  const { artifacts, different } = compareDigests(expected, found);
  console.log(JSON.stringify({ ...ledger, artifacts, different, seconds: total }));
  process.exitCode = ledger.finished && different.length === 0 ? 0 : 1;
} finally {
  await temporary?.remove();
}

function seconds(): number {
  return Math.round((performance.now() - started) / 1000);
}

async function calmDigests(): Promise<Record<string, string>> {
  await mkdir(calm, { recursive: true });
  const { code, stderr } = await simcne(calm, ...words, '--json');
  if (code !== 0) throw new Error(`the calm run failed:\n${stderr}`);
  return artifactDigests(calm);
}

async function publishedDigests(): Promise<Record<string, string>> {
  const { cells } = JSON.parse(await readFile(publishedFile, 'utf8'));
  const steps = cells.flatMap(
    (cell: { steps: { step: string; key: string; digest: string }[] }) => cell.steps,
  );
  return Object.fromEntries(
    steps.map(({ step, key, digest }: (typeof steps)[number]) => [`${step} ${key}`, digest]),
  );
}
