// The results table for a terminal: groups and rows as in the paper, ours beside the paper's.
import { type ResultsRow, type ResultsTable, rowAddress, rowName } from './results-table.ts';
import { scoreText } from './score-text.ts';
import { verdictText } from './verdict.ts';

const headings = ['', 'kNN, %', 'paper', 'silhouette', 'paper', 'against the paper'];
const isText = (column: number) => column === 0 || column === headings.length - 1;

/** The table as aligned lines, without a newline at the end. Unfinished rows show their status, notes stand below. */
export function tableText(table: ResultsTable): string {
  const columns = [headings, ...table.rows.map(cellTexts)];
  const widths = headings.map((_, column) => Math.max(...columns.map(row => row[column].length)));
  const line = (texts: string[]) =>
    texts
      .map((text, column) => (isText(column) ? text.padEnd(widths[column]) : text.padStart(widths[column])))
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
  return row && rowName(row).group;
}

function cellTexts(row: ResultsRow): string[] {
  const { status, knn, silhouette, paper, verdicts } = row;
  return [
    `  ${rowName(row).label}`,
    scoreText('knn', knn.mean, knn.sd) || status,
    paper ? scoreText('knn', paper.knn.mean, paper.knn.sd) : '',
    scoreText('silhouette', silhouette.mean, silhouette.sd),
    paper ? scoreText('silhouette', paper.silhouette.mean, paper.silhouette.sd) : '',
    verdictText(verdicts) ?? '',
  ];
}

function footnotes({ rows, scaledSettings, claims }: ResultsTable): string[] {
  const notes = rows.flatMap(row => (row.lacking ? `  ${rowAddress(row)}: ${row.lacking}` : []));
  const ofText = claims.map(
    ({ id, statement, text, evidence }) =>
      `  ${[`${id} ${statement}: ${text}`, ...evidence].join('\n     ')}`,
  );
  const settings = scaledSettings.map(
    ({ setting, here, paper }) => `  ${setting}: ${here} (paper: ${paper})`,
  );
  return [
    ...(notes.length > 0 ? ['', 'Not all numbers are there:', ...notes] : []),
    ...(ofText.length > 0 ? ['', 'What the paper’s text says of these:', ...ofText] : []),
    ...(settings.length > 0 ? ['', 'Scaled down, so not comparable one to one:', ...settings] : []),
  ];
}
