// The results table in Markdown: for the README and for the current details of Temporal's UI.
import { fragment, rowId } from '../anchor.ts';
import { type ResultsRow, type ResultsTable, rowAddress, rowName } from './results-table.ts';
import { scoreText } from './score-text.ts';
import { verdictText } from './verdict.ts';

/** A heading, a table and a list of notes per dataset. With `reportUrl`, each row's name links to its place there. */
export function tableMarkdown(table: ResultsTable, reportUrl?: string): string {
  const datasets = [...new Set(table.rows.map(row => row.dataset))];
  const sections = datasets.map(dataset =>
    section(
      dataset,
      table.rows.filter(row => row.dataset === dataset),
      reportUrl,
    ),
  );
  return `${[...sections, textClaims(table), scaledSettings(table)].filter(Boolean).join('\n\n')}\n`;
}

function section(dataset: string, rows: ResultsRow[], reportUrl: string | undefined): string {
  const notes = rows.flatMap(row => (row.lacking ? `- ${nameOf(row)}: ${plain(row.lacking)}` : []));
  return [
    `**${plain(dataset)}**`,
    '',
    '| method | kNN, % | paper | silhouette | paper | against the paper |',
    '|---|---:|---:|---:|---:|---|',
    ...rows.map(row => tableLine(row, reportUrl)),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function tableLine(row: ResultsRow, reportUrl: string | undefined): string {
  const { status, knn, silhouette, paper, verdicts } = row;
  const name = reportUrl ? `[${nameOf(row)}](${reportUrl}${fragment(rowId(rowAddress(row)))})` : nameOf(row);
  const texts = [
    name,
    scoreText('knn', knn.mean, knn.sd) || status,
    paper ? scoreText('knn', paper.knn.mean, paper.knn.sd) : '–',
    scoreText('silhouette', silhouette.mean, silhouette.sd) || '–',
    (paper && scoreText('silhouette', paper.silhouette.mean, paper.silhouette.sd)) || '–',
    verdictText(verdicts) ?? '–',
  ];
  return `| ${texts.join(' | ')} |`;
}

function textClaims({ claims }: ResultsTable): string {
  if (claims.length === 0) return '';
  const lines = claims.map(({ id, statement, text, evidence }) => {
    const numbers = evidence.length > 0 ? ` (${evidence.join('; ')})` : '';
    return `- ${id} ${plain(`${statement}: ${text}${numbers}`)}`;
  });
  return ['What the paper’s text says of these:', '', ...lines].join('\n');
}

function scaledSettings({ scaledSettings }: ResultsTable): string {
  if (scaledSettings.length === 0) return '';
  const settings = scaledSettings.map(
    ({ setting, here, paper }) => `${plain(setting)} ${plain(here)} (paper: ${plain(paper)})`,
  );
  return `Scaled down, so not comparable one to one: ${settings.join('; ')}.`;
}

function nameOf(row: ResultsRow): string {
  const { group, label } = rowName(row);
  return plain(`${group}, ${label}`);
}

/** Text that Markdown and the HTML within it leave alone, on one line. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
