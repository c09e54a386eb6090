// What stands in the paper and how it fares here: data sets (Table 1), printed scores, and the claims of the text.
import { fragment, rowId } from '../anchor.ts';
import { type DatasetRow, datasetLines } from '../table/dataset-table.ts';
import { type ResultsRow, type ResultsTable, rowAddress } from '../table/results-table.ts';
import { scoreText } from '../table/score-text.ts';
import type { TextClaimVerdict } from '../table/text-claim-verdict.ts';
import { type Html, html } from './html.ts';

/** The section, or nothing where the paper says nothing of these data sets. */
export function claimsSection({ rows, claims }: ResultsTable, table1: readonly DatasetRow[]): Html | false {
  const printed = rows.filter(({ verdicts }) => verdicts.knn || verdicts.silhouette);
  if (printed.length === 0 && claims.length === 0) return false;
  return html`<section id="claims">
<h2>Against the paper</h2>
<h3>Printed scores</h3>
${scoreVerdicts(printed)}
${claims.length > 0 && html`<h3>What the text says</h3>${textVerdicts(claims)}`}
<h3>Data sets</h3>
${table(datasetLines(table1))}
</section>`;
}

/** A line a row; one sentence where all rows have the same verdict. */
function scoreVerdicts(rows: readonly ResultsRow[]): Html {
  const texts = new Set(
    rows.flatMap(({ verdicts }) => [verdicts.knn, verdicts.silhouette].flatMap(one => one?.text ?? [])),
  );
  if (texts.size === 1) return html`<p>All ${rows.length} rows: ${[...texts][0]}.</p>`;
  return html`<div class="scroll" tabindex="0"><table class="settings">
<thead><tr><th scope="col">row</th><th scope="col">kNN</th><th scope="col">silhouette</th></tr></thead>
<tbody>${rows.map(
    row => html`<tr><th scope="row"><a href="${fragment(rowId(rowAddress(row)))}">${rowAddress(row)}</a></th>
${(['knn', 'silhouette'] as const).map(metric => html`<td>${scoreVerdict(row, metric)}</td>`)}</tr>`,
  )}</tbody></table></div>
<p class="note">± how far a mean may lie from the printed one: two standard errors of training and test part.</p>`;
}

function scoreVerdict({ verdicts }: ResultsRow, metric: 'knn' | 'silhouette'): Html | string {
  const verdict = verdicts[metric];
  if (!verdict) return '–';
  const isJudged = verdict.verdict === 'reproduced' || verdict.verdict === 'off';
  return html`${verdict.text} ${isJudged && html`<small>(± ${scoreText(metric, verdict.tolerance)})</small>`}`;
}

function textVerdicts(claims: readonly TextClaimVerdict[]): Html {
  return html`<div class="scroll" tabindex="0"><table class="settings"><tbody>${claims.map(
    ({ id, statement, text, evidence, remark }) => html`<tr><th scope="row">${id}</th>
<td>${statement}${evidence.map(line => html`<br><small>${line}</small>`)}${remark && html`<br><small>${remark}</small>`}</td>
<td>${text}</td></tr>`,
  )}</tbody></table></div>`;
}

function table([headings, ...lines]: readonly string[][]): Html {
  return html`<div class="scroll" tabindex="0"><table class="settings">
<thead><tr>${headings.map(heading => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${lines.map(line => html`<tr>${line.map(text => html`<td>${text}</td>`)}</tr>`)}</tbody></table></div>`;
}
