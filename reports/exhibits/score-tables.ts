// Tables 2 and 3 as the paper prints them: methods down, data sets across; the best of every column is marked.
import { csvText } from '../table/csv.ts';
import type { ResultsTable, Spread } from '../table/results-table.ts';
import { type RowKind, rowName } from '../table/results-table.ts';
import { type Metric, scoreText } from '../table/score-text.ts';
import { latexLine, latexTable, latexText } from './latex.ts';

/** One of the paper's tables of scores, made of an experiment's results. */
export interface ScoreMatrix {
  readonly metric: Metric;
  readonly title: string;
  readonly datasets: readonly string[];
  readonly rows: readonly {
    readonly group: string;
    readonly label: string;
    /** By data set; null where the experiment has no such cell. */
    readonly entries: readonly (Entry | null)[];
  }[];
}

export interface Entry extends Spread {
  readonly status: string;
  /** No mean of its column is larger. */
  readonly isBest: boolean;
}

const titles: Record<Metric, string> = {
  knn: 'Table 2: kNN accuracy of 2D embeddings, %. Means ± standard deviations over seeds.',
  silhouette: 'Table 3: silhouette scores of 2D embeddings. Means ± standard deviations over seeds.',
};

export function scoreMatrix({ rows }: Pick<ResultsTable, 'rows'>, metric: Metric): ScoreMatrix {
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  const best = datasets.map(dataset =>
    Math.max(...rows.filter(row => row.dataset === dataset).map(row => row[metric].mean ?? -Infinity)),
  );
  const kindOf = ({ method, augmentation, variant }: RowKind) =>
    JSON.stringify([method, augmentation, variant]);
  const kinds = [...new Map(rows.map(row => [kindOf(row), row])).values()];
  return {
    metric,
    title: titles[metric],
    datasets,
    rows: kinds.map(kind => {
      const { group, label } = rowName(kind);
      const entries = datasets.map((dataset, column): Entry | null => {
        const row = rows.find(one => one.dataset === dataset && kindOf(one) === kindOf(kind));
        return row ? { ...row[metric], status: row.status, isBest: row[metric].mean === best[column] } : null;
      });
      return { group, label, entries };
    }),
  };
}

/** `94.0 ± 0.3`, the status of what has no number, or nothing. */
export function entryText(metric: Metric, entry: Entry | null): string {
  return entry ? scoreText(metric, entry.mean, entry.sd) || entry.status : '';
}

/** Full precision, one line a method and data set: for other programs. */
export function matrixCsv({ datasets, rows }: ScoreMatrix): string {
  const lines = rows.flatMap(({ group, label, entries }) =>
    entries.flatMap((entry, column) =>
      entry
        ? [[group, label, datasets[column], entry.mean, entry.sd, entry.values.length, entry.status]]
        : [],
    ),
  );
  return csvText([['group', 'method', 'dataset', 'mean', 'sd', 'seeds', 'status'], ...lines]);
}

export function matrixMarkdown({ metric, title, datasets, rows }: ScoreMatrix): string {
  const lines = rows.map(({ group, label, entries }) => {
    const texts = entries.map(entry => {
      const text = entryText(metric, entry);
      return entry?.isBest ? `**${text}**` : text;
    });
    return `| ${group}, ${label} | ${texts.join(' | ')} |`;
  });
  return [
    title,
    '',
    `| method | ${datasets.join(' | ')} |`,
    `|---|${datasets.map(() => '---:|').join('')}`,
    ...lines,
    '',
  ].join('\n');
}

export function matrixLatex({ metric, title, datasets, rows }: ScoreMatrix): string {
  const lines = rows.flatMap(({ group, label, entries }, i) => {
    const texts = entries.map(entry => {
      const text = latexText(entryText(metric, entry));
      return entry?.isBest ? `\\textbf{${text}}` : text;
    });
    const line = latexLine([latexText(label), ...texts]);
    if (group === rows[i - 1]?.group) return [line];
    const heading = latexLine([`\\multicolumn{${datasets.length + 1}}{l}{${latexText(group)}}`]);
    return i === 0 ? [heading, line] : ['\\midrule', heading, line];
  });
  const headings = latexLine(['', ...datasets.map(latexText)]);
  return latexTable(title, `l${'r'.repeat(datasets.length)}`, headings, lines);
}
