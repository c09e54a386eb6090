// Two experiments or two cells side by side: per row both scores, their difference, and the settings that differ.

import { type ResultsRow, rowAddress } from '../table/results-table.ts';
import type { Chance } from './chance.ts';

/** The settings of one step; steps that decide nothing of the result are left out. */
export interface StepSettings {
  readonly step: string;
  readonly settings: unknown;
}

/** A row of one side: its scores, and what it was (or would be) made with. */
export interface Side {
  /** `<experiment>/<address>`. */
  readonly place: string;
  readonly row: Pick<
    ResultsRow,
    'dataset' | 'method' | 'augmentation' | 'variant' | 'seeds' | 'status' | 'knn' | 'silhouette'
  >;
  readonly steps: readonly StepSettings[];
}

/** A setting on both sides; `null` where a side has no such setting. `setting` is a path: `train.stages.0.epochs`. */
export interface SettingDifference {
  readonly setting: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** Steps whose settings only repeat what others say: the dataset, the network that was trained. */
export const repeatingSteps = ['fetch', 'embed'];

export type SideScores = Pick<ResultsRow, 'seeds' | 'status' | 'knn' | 'silhouette'> & { place: string };

/** One row of a comparison. kNN in percent; differences are B minus A, of the means. */
export interface ComparisonRow {
  readonly dataset: string;
  readonly method: string;
  readonly augmentation: string | null;
  readonly variant?: string;
  readonly a: SideScores | null;
  readonly b: SideScores | null;
  readonly difference: { readonly knn: number | null; readonly silhouette: number | null };
  readonly settings: readonly SettingDifference[];
  /** Whether chance alone would give such a difference of kNN; null where that cannot be said. */
  readonly chance?: Chance | null;
}

/** Rows of the same dataset, method and augmentation set side by side, A's order first; a row of one side only stands alone. */
export function compareRows(a: readonly Side[], b: readonly Side[]): ComparisonRow[] {
  const placeOf = ({ row }: Side) => rowAddress(row);
  const inB = new Map(b.map(side => [placeOf(side), side]));
  const known = new Set(a.map(placeOf));
  return [
    ...a.map(side => comparePair(side, inB.get(placeOf(side)))),
    ...b.filter(side => !known.has(placeOf(side))).map(side => comparePair(undefined, side)),
  ];
}

/** One side by side with the other, whatever rows they are. */
export function comparePair(a: Side | undefined, b: Side | undefined): ComparisonRow {
  const { dataset, method, augmentation, variant } = (a ?? b)!.row;
  const differenceIn = (metric: 'knn' | 'silhouette') => {
    const [before, after] = [a?.row[metric].mean ?? null, b?.row[metric].mean ?? null];
    return before === null || after === null ? null : after - before;
  };
  return {
    dataset,
    method,
    augmentation,
    ...(variant !== undefined && { variant }),
    a: a ? scoresOf(a) : null,
    b: b ? scoresOf(b) : null,
    difference: { knn: differenceIn('knn'), silhouette: differenceIn('silhouette') },
    settings: a && b ? settingDifferences(a.steps, b.steps) : [],
  };
}

function scoresOf({ place, row: { seeds, status, knn, silhouette } }: Side): SideScores {
  return { place, seeds, status, knn, silhouette };
}

/** Every setting in which the same steps differ. */
export function settingDifferences(
  a: readonly StepSettings[],
  b: readonly StepSettings[],
): SettingDifference[] {
  const names = [...new Set([...a, ...b].map(({ step }) => step))];
  return names.flatMap(name => {
    const [left, right] = [a, b].map(steps => steps.find(({ step }) => step === name)?.settings ?? null);
    return differencesWithin(left, right, name);
  });
}

/** Every place where two values differ: down to the leaves where both sides have members, whole where one has none. */
function differencesWithin(a: unknown, b: unknown, setting: string): SettingDifference[] {
  if (!hasMembers(a) || !hasMembers(b)) {
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ setting, a, b }];
  }
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap(name => differencesWithin(a[name] ?? null, b[name] ?? null, `${setting}.${name}`));
}

function hasMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
