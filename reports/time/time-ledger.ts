// Where an experiment's time went: what was made of it, what was lost, and what the store and checkpoints saved.
import { stepNames } from '../../experiments/steps.ts';
import type { AttemptResult, CellResult } from '../result.ts';
import { usefulSeconds } from './useful-seconds.ts';

/** All steps of one kind. */
export interface LedgerRow {
  readonly step: string;
  /** Artifacts of that kind that this experiment made, and its attempts at them. */
  readonly made: number;
  readonly attempts: number;
  /** Of attempts whose work stands: in an artifact, in a checkpoint, or under way. */
  readonly usefulSeconds: number;
  /** Of work that had to be done again, or came to nothing. */
  readonly lostSeconds: number;
  /** How often a cell found an artifact in the store, and the time that making them had taken. */
  readonly hits: number;
  readonly savedByHits: number;
  /** Of earlier attempts, which the attempt that made the artifact did not have to do again. */
  readonly savedByCheckpoints: number;
}

/** What an experiment's ledger is made from. */
export interface LedgerSource {
  readonly experiment: string;
  readonly cells: readonly Pick<CellResult, 'steps' | 'earlierHits'>[];
  /** Its own, and those of other experiments at the same artifacts, in the order in which they began. */
  readonly attempts: readonly AttemptResult[];
}

/** In the order in which steps follow each other; the last row, `all`, is the sum. Empty where nothing was done. */
export function timeLedger({ experiment, cells, attempts }: LedgerSource): LedgerRow[] {
  const byArtifact = keptByArtifact(attempts);
  const kept = new Map(byArtifact.flatMap(one => [...one]));
  const own = attempts.filter(attempt => attempt.experiment === experiment);
  const asked = cells.flatMap(cell => cell.steps);
  const unattended = withoutAttempts(asked, attempts);
  const hits = [
    ...asked.filter(({ reused }) => reused).map(asHits),
    ...cells.flatMap(cell => cell.earlierHits ?? []),
  ];
  const rows = stepNames.map((step): LedgerRow => {
    const of = own.filter(attempt => attempt.step === step);
    const old = unattended.filter(one => one.step === step);
    const found = hits.filter(one => one.step === step);
    const useful = sum(of.map(attempt => kept.get(attempt)!));
    const atLast = of.filter(({ outcome }) => outcome === 'made');
    return {
      step,
      made: new Set([...atLast, ...old].map(({ key }) => key)).size,
      attempts: of.length,
      usefulSeconds: useful + sum(old.map(({ seconds }) => seconds)),
      lostSeconds: sum(of.map(({ seconds }) => seconds)) - useful,
      hits: sum(found.map(one => one.hits)),
      savedByHits: sum(found.map(({ seconds }) => seconds)),
      savedByCheckpoints: sum(byArtifact.map(one => secondsBehind(one, experiment, step))),
    };
  });
  return withSum(rows.filter(({ made, attempts: tried, hits: found }) => made + tried + found > 0));
}

/** What time was lost to. */
export interface Loss {
  /** The name of an error, or what happened to the work. */
  readonly cause: string;
  readonly attempts: number;
  readonly seconds: number;
}

/** The experiment's losses, the largest first. */
export function lossesByCause({ experiment, attempts }: LedgerSource): Loss[] {
  const losses = new Map<string, Loss>();
  for (const [attempt, seconds] of lostSeconds(attempts)) {
    if (attempt.experiment !== experiment || seconds <= 0) continue;
    const cause = causeOf(attempt);
    const known = losses.get(cause) ?? { cause, attempts: 0, seconds: 0 };
    losses.set(cause, { cause, attempts: known.attempts + 1, seconds: known.seconds + seconds });
  }
  return [...losses.values()].sort((a, b) => b.seconds - a.seconds);
}

function causeOf({ outcome, error }: AttemptResult): string {
  if (outcome === 'made') return 'being made again';
  if (outcome === 'discarded') return 'being made twice at once';
  return outcome === 'cancelled' ? 'being stopped' : (error ?? outcome);
}

/** The seconds of every attempt that were lost. */
export function lostSeconds(attempts: readonly AttemptResult[]): Map<AttemptResult, number> {
  const kept = keptByArtifact(attempts).flatMap(one => [...one]);
  return new Map(kept.map(([attempt, seconds]) => [attempt, attempt.seconds - seconds]));
}

function keptByArtifact(attempts: readonly AttemptResult[]): Map<AttemptResult, number>[] {
  const byKey = new Map<string, AttemptResult[]>();
  for (const attempt of attempts) byKey.set(attempt.key, [...(byKey.get(attempt.key) ?? []), attempt]);
  return [...byKey.values()].map(usefulSeconds);
}

/** What stood already when the last attempt whose work stands went on, if that is one of the experiment's, at that step. */
function secondsBehind(kept: Map<AttemptResult, number>, experiment: string, step: string): number {
  const standing = [...kept].filter(([, seconds]) => seconds > 0);
  const [last] = standing.pop() ?? [];
  const isAsked = last?.experiment === experiment && last.step === step;
  return isAsked ? sum(standing.map(([, seconds]) => seconds)) : 0;
}

/** Artifacts that were made before attempts were recorded: each once, however many cells use it. */
function withoutAttempts(
  asked: CellResult['steps'],
  attempts: readonly AttemptResult[],
): CellResult['steps'] {
  const attempted = new Set(attempts.map(({ key }) => key));
  return [...new Map(asked.filter(({ key }) => !attempted.has(key)).map(step => [step.key, step])).values()];
}

function asHits({ step, seconds }: CellResult['steps'][number]) {
  return { step, hits: 1, seconds };
}

function withSum(rows: LedgerRow[]): LedgerRow[] {
  if (rows.length === 0) return [];
  const total = (of: (row: LedgerRow) => number) => sum(rows.map(of));
  return [
    ...rows,
    {
      step: 'all',
      made: total(row => row.made),
      attempts: total(row => row.attempts),
      usefulSeconds: total(row => row.usefulSeconds),
      lostSeconds: total(row => row.lostSeconds),
      hits: total(row => row.hits),
      savedByHits: total(row => row.savedByHits),
      savedByCheckpoints: total(row => row.savedByCheckpoints),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
