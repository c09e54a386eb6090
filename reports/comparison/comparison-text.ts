// A comparison for a terminal: the scores of both sides, then every setting that differs, with the rows that it holds for.

import type { Interval } from '../../numeric/scores/bootstrap.ts';
import { alignColumns } from '../table/columns.ts';
import { rowAddress } from '../table/results-table.ts';
import { differenceText, type Metric, scoreText } from '../table/score-text.ts';
import type { ComparisonRow, SettingDifference } from './comparison.ts';

const headings = ['', 'kNN, %  A', 'B', 'B − A', 'silhouette  A', 'B', 'B − A'];

/** `a`, `b`: what the sides are called above their columns. */
export function comparisonText(rows: readonly ComparisonRow[], a: string, b: string): string {
  const lines = alignColumns([headings, ...rows.map(scoreTexts)], { gap: 3, isRight: column => column > 0 });
  return [`A: ${a}`, `B: ${b}`, '', lines, ...chanceLines(rows), ...settingLines(rows)].join('\n');
}

function scoreTexts(row: ComparisonRow): string[] {
  const { a, b, difference } = row;
  const side = (metric: Metric, scores: ComparisonRow['a']) =>
    scores ? scoreText(metric, scores[metric].mean, scores[metric].sd) || scores.status : '–';
  return [
    nameOf(row),
    ...(['knn', 'silhouette'] as const).flatMap(metric => [
      side(metric, a),
      side(metric, b),
      differenceText(metric, difference[metric]),
    ]),
  ];
}

/** The row's address; both where two different cells are compared. */
export function nameOf(row: ComparisonRow): string {
  const addresses = [row.a, row.b].flatMap(side => (side ? side.place.split('/').slice(1).join('/') : []));
  return new Set(addresses).size > 1 ? addresses.join(' | ') : (addresses[0] ?? rowAddress(row));
}

/** Which differences of kNN are larger than chance. */
function chanceLines(rows: readonly ComparisonRow[]): string[] {
  const points = ({ low, high }: Interval) => `${low.toFixed(1)} … ${high.toFixed(1)}`;
  const lines = rows.flatMap(({ chance, ...row }) =>
    chance
      ? [
          `  ${nameOf(row)}: B − A between ${points(chance.difference)} points: ${chance.isLarger ? 'larger than chance' : 'may be chance'} (A ${points(chance.a)}, B ${points(chance.b)} %; ${chance.tested} images tested)`,
        ]
      : [],
  );
  return lines.length > 0 ? ['', 'kNN, 95 % intervals (paired bootstrap over test images):', ...lines] : [];
}

function settingLines(rows: readonly ComparisonRow[]): string[] {
  const groups = differingSettings(rows);
  if (groups === undefined) return ['', 'They have no row in common.'];
  if (groups.length === 0) return ['', 'All settings are the same.'];
  return [
    '',
    'Settings that differ (A | B):',
    ...groups.flatMap(({ scope, settings }) => {
      const lines = settings.map(({ setting, a, b }) => `${scope ? '    ' : '  '}${setting}: ${a} | ${b}`);
      return scope ? [`  ${scope}:`, ...lines] : lines;
    }),
  ];
}

/** Settings that differ in the same rows; `scope` names these, and is empty where it is all that both sides have. */
export interface SettingGroup {
  readonly scope: string;
  readonly settings: readonly { readonly setting: string; readonly a: string; readonly b: string }[];
}

/** Every setting that differs, those of all rows first; undefined where the sides have no row in common. */
export function differingSettings(rows: readonly ComparisonRow[]): SettingGroup[] | undefined {
  const shared = rows.filter(row => row.a && row.b);
  if (shared.length === 0) return undefined;
  const holders = new Map<string, { setting: SettingTexts; having: ComparisonRow[] }>();
  for (const row of shared) {
    for (const setting of row.settings.map(settingTexts)) {
      const key = JSON.stringify(setting);
      holders.set(key, { setting, having: [...(holders.get(key)?.having ?? []), row] });
    }
  }
  const groups = new Map<string, SettingTexts[]>();
  for (const { setting, having } of holders.values()) {
    const scope = having.length === shared.length ? '' : scopeOf(having, shared);
    groups.set(scope, [...(groups.get(scope) ?? []), setting]);
  }
  return [...groups]
    .sort(([a], [b]) => Number(a !== '') - Number(b !== ''))
    .map(([scope, settings]) => ({ scope, settings }));
}

type SettingTexts = SettingGroup['settings'][number];

/** The rows that a setting differs in: a method's name stands for all of its rows. */
function scopeOf(having: readonly ComparisonRow[], shared: readonly ComparisonRow[]): string {
  const methodOf = ({ dataset, method }: ComparisonRow) => `${dataset}/${method}`;
  const count = (rows: readonly ComparisonRow[], method: string) =>
    rows.filter(row => methodOf(row) === method).length;
  const names = having.map(row =>
    count(having, methodOf(row)) === count(shared, methodOf(row)) ? methodOf(row) : nameOf(row),
  );
  return [...new Set(names)].join(', ');
}

function settingTexts({ setting, a, b }: SettingDifference): SettingTexts {
  const text = (value: unknown) =>
    value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return { setting, a: text(a), b: text(b) };
}
