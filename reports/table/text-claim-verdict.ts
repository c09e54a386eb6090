// Whether what the paper's text says holds in a table of scores: each claim's checks put to the rows' means.
import type { Metric } from '../../experiments/paper-claims.ts';
import { type Check, type TextClaim, textClaims } from '../../experiments/text-claims.ts';
import { scoreText } from './score-text.ts';

/** What a check needs to know of a row of the table. */
export interface ScoredRow {
  readonly dataset: string;
  readonly method: string;
  readonly augmentation: string | null;
  readonly knn: { readonly mean: number | null };
  readonly silhouette: { readonly mean: number | null };
}

/** The verdict on one claim of the text. */
export interface TextClaimVerdict {
  readonly id: string;
  readonly statement: string;
  readonly verdict: 'reproduced' | 'not reproduced' | 'not comparable' | 'not run' | 'not in the scores';
  /** In words; of a scaled experiment it also says whether the claim shows there. */
  readonly text: string;
  /** Whether every check holds; null where one has no numbers yet, or there is none. */
  readonly holds: boolean | null;
  /** The numbers of every check. */
  readonly evidence: readonly string[];
  readonly remark: string | null;
}

/** Verdicts on the claims about the datasets that the rows have, in the order of the text. */
export function judgeTextClaims(rows: readonly ScoredRow[], profile: string): TextClaimVerdict[] {
  const known = new Set(rows.map(row => row.dataset));
  return textClaims.flatMap(claim => {
    const checks = claim.checks.filter(check => known.has(datasetOf(check)));
    const concerned =
      checks.length > 0 || (claim.checks.length === 0 && profile === 'paper' && known.size > 1);
    return concerned ? [judgeClaim(claim, checks, rows, profile)] : [];
  });
}

function judgeClaim(
  { id, statement, remark }: TextClaim,
  checks: readonly Check[],
  rows: readonly ScoredRow[],
  profile: string,
): TextClaimVerdict {
  const findings = checks.map(check => examine(check, rows));
  const outcomes = findings.map(({ holds }) => holds);
  const holds = outcomes.includes(false)
    ? false
    : outcomes.includes(null)
      ? null
      : outcomes.length > 0 || null;
  return {
    id,
    statement,
    ...wordsFor(holds, checks.length, profile),
    holds,
    evidence: findings.flatMap(({ numbers }) => numbers ?? []),
    remark: remark ?? null,
  };
}

function wordsFor(
  holds: boolean | null,
  checks: number,
  profile: string,
): Pick<TextClaimVerdict, 'verdict' | 'text'> {
  if (checks === 0) return { verdict: 'not in the scores', text: 'not in the scores' };
  if (holds === null) return { verdict: 'not run', text: 'not run' };
  if (profile !== 'paper') {
    return {
      verdict: 'not comparable',
      text: `not comparable (${profile}); ${holds ? 'shows here' : 'does not show here'}`,
    };
  }
  const verdict = holds ? 'reproduced' : 'not reproduced';
  return { verdict, text: verdict };
}

interface Finding {
  /** Null where a number lacks. */
  holds: boolean | null;
  numbers?: string;
}

const unknown: Finding = { holds: null };

function examine(check: Check, rows: readonly ScoredRow[]): Finding {
  const { metric } = check;
  const dataset = datasetOf(check);
  const column = rows.filter(row => row.dataset === dataset);
  const meanAt = (address: string) => {
    const row = rows.find(one => addressOf(one) === address);
    return row ? row[metric].mean : null;
  };
  const say = (mean: number) => scoreText(metric, mean);
  const told = (holds: boolean, numbers: string): Finding => ({
    holds,
    numbers: `${dataset}, ${metric === 'knn' ? 'kNN' : metric}: ${numbers}`,
  });
  switch (check.kind) {
    case 'ascending': {
      const means = check.rows.map(meanAt);
      if (!isWhole(means)) return unknown;
      const steps = means.slice(1).map((mean, i) => mean > means[i]);
      const text = means.slice(1).map((mean, i) => `${steps[i] ? '<' : '≥'} ${say(mean)}`);
      return told(!steps.includes(false), [say(means[0]), ...text].join(' '));
    }
    case 'highest': {
      const mean = meanAt(check.row);
      const others = column
        .filter(row => addressOf(row) !== check.row)
        .flatMap(row => row[metric].mean ?? []);
      if (mean === null || others.length === 0) return unknown;
      const best = Math.max(...others);
      return told(mean >= best, `${say(mean)}, the best other row ${say(best)}`);
    }
    case 'best-of': {
      const [better, worse] = [check.better, check.worse].map(method => bestOf(column, method, metric));
      if (better === null || worse === null) return unknown;
      return told(
        better >= worse,
        `the best of ${check.better} ${say(better)}, of ${check.worse} ${say(worse)}`,
      );
    }
    case 'within': {
      const means = column.flatMap(row => row[metric].mean ?? []);
      if (means.length < column.length) return unknown;
      const [low, high] = [Math.min(...means), Math.max(...means)];
      return told(low >= check.low && high <= check.high, `${say(low)} to ${say(high)}`);
    }
    case 'drop': {
      const [from, to] = [meanAt(check.from), meanAt(check.to)];
      if (from === null || to === null) return unknown;
      const isNear = Math.abs(from - to - check.by) <= check.tolerance;
      return told(isNear, `${say(from)} to ${say(to)}, ${say(from - to)} lower (paper: ${say(check.by)})`);
    }
  }
}

function bestOf(column: readonly ScoredRow[], method: string, metric: Metric): number | null {
  const means = column.filter(row => row.method === method).map(row => row[metric].mean);
  return isWhole(means) && means.length > 0 ? Math.max(...means) : null;
}

function isWhole(means: readonly (number | null)[]): means is number[] {
  return !means.includes(null);
}

function datasetOf(check: Check): string {
  switch (check.kind) {
    case 'ascending':
      return check.rows[0].split('/')[0];
    case 'highest':
      return check.row.split('/')[0];
    case 'drop':
      return check.from.split('/')[0];
    default:
      return check.dataset;
  }
}

function addressOf({ dataset, method, augmentation }: ScoredRow): string {
  return [dataset, method, augmentation].filter(Boolean).join('/');
}
