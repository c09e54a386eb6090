// How a score stands to the one that the paper prints: reproduced, off by so much, not comparable, or not run.
import { type Metric, type PrintedClaim, toleranceOf } from '../../experiments/paper-claims.ts';
import { differenceText } from './score-text.ts';

/** The verdict on one printed number. kNN in percent. */
export interface Verdict {
  readonly verdict: 'reproduced' | 'off' | 'not comparable' | 'not run';
  /** The verdict in words: `off by −2.1`, `not comparable (scaled)`. */
  readonly text: string;
  /** Ours minus the paper's; null where there is no number. */
  readonly difference: number | null;
  /** What the difference may be at most, for as many runs as there are of ours. */
  readonly tolerance: number;
  readonly place: string;
}

/** The verdicts on a row; null where the paper prints no such number. */
export type Verdicts = Readonly<Record<Metric, Verdict | null>>;

/** How a row came about: how many runs there should be, and whether they are made exactly as in the paper. */
export interface RowSetting {
  readonly cells: number;
  readonly asInPaper: boolean;
  /** Of the experiment: why the row is not as in the paper. */
  readonly profile: string;
}

/** Holds the mean over our runs against a printed number. */
export function judge(
  claim: PrintedClaim | undefined,
  { mean, values }: { mean: number | null; values: readonly number[] },
  { cells, asInPaper, profile }: RowSetting,
): Verdict | null {
  if (!claim) return null;
  const { place, metric } = claim;
  const tolerance = toleranceOf(claim, Math.max(1, values.length));
  if (mean === null) return { verdict: 'not run', text: 'not run', difference: null, tolerance, place };
  const difference = mean - claim.mean;
  if (!asInPaper) {
    return {
      verdict: 'not comparable',
      text: `not comparable (${profile})`,
      difference,
      tolerance,
      place,
    };
  }
  const isWithin = Math.abs(difference) <= tolerance;
  const part = values.length < cells ? ` (${values.length} of ${cells} seeds)` : '';
  return {
    verdict: isWithin ? 'reproduced' : 'off',
    text: `${isWithin ? 'reproduced' : `off by ${differenceText(metric, difference)}`}${part}`,
    difference,
    tolerance,
    place,
  };
}

/** Both verdicts of a row in a few words; null where the paper prints neither number. */
export function verdictText({ knn, silhouette }: Verdicts): string | null {
  if (!knn || !silhouette) return (knn ?? silhouette)?.text ?? null;
  return knn.text === silhouette.text ? knn.text : `kNN ${knn.text}, silhouette ${silhouette.text}`;
}
