// The results table for a terminal: groups and rows as in the paper, ours beside the paper's.
import { type ResultsRow, type ResultsTable, rowAddress, rowName } from './results-table.ts';
import { scoreText } from './score-text.ts';

const headings = ['', 'kNN, %', 'paper', 'silhouette', 'paper'];

/** The table as aligned lines, without a newline at the end. Unfinished rows show their status, notes stand below. */
export function tableText(table: ResultsTable): string {
  const columns = [headings, ...table.rows.map(cellTexts)];
  const widths = headings.map((_, column) => Math.max(...columns.map(row => row[column].length)));
  const line = (texts: string[]) =>
    texts
      .map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])))
      .join('   ')
      .trimEnd();

  const lines = [`${table.experiment} (${table.profile})`];
  table.rows.forEach((row, index) => {
    const previous = table.rows[index - 1];
    if (row.dataset !== previous?.dataset) lines.push('', line([row.dataset, ...headings.slice(1)]));
    if (groupOf(row) !== groupOf(previous) || row.dataset !== previous?.dataset) lines.push(groupOf(row)!);
    lines.push(line(cellTexts(row)));
  });
  return [...lines, ...footnotes(table)].join('\n');
}

function groupOf(row: ResultsRow | undefined): string | undefined {
  return row && rowName(row.method, row.augmentation).group;
}

function cellTexts({ method, augmentation, status, knn, silhouette, paper }: ResultsRow): string[] {
  return [
    `  ${rowName(method, augmentation).label}`,
    scoreText('knn', knn.mean, knn.sd) || status,
    paper ? scoreText('knn', paper.knn.mean, paper.knn.sd) : '',
    scoreText('silhouette', silhouette.mean, silhouette.sd),
    paper ? scoreText('silhouette', paper.silhouette.mean, paper.silhouette.sd) : '',
  ];
}

function footnotes({ rows, scaledSettings }: ResultsTable): string[] {
  const notes = rows.flatMap(row => (row.note ? `  ${rowAddress(row)}: ${row.note}` : []));
  const settings = scaledSettings.map(
    ({ setting, here, paper }) => `  ${setting}: ${here} (paper: ${paper})`,
  );
  return [
    ...(notes.length > 0 ? ['', 'Not all numbers are there:', ...notes] : []),
    ...(settings.length > 0 ? ['', 'Scaled down, so not comparable one to one:', ...settings] : []),
  ];
}
