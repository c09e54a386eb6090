// The ledger of time on an experiment's page, and the attempts on a cell's.
import { rootFrom } from '../anchor.ts';
import { attemptLogFile } from '../cells/attempt-logs.ts';
import type { AttemptResult } from '../result.ts';
import { durationText } from '../table/score-text.ts';
import { type LedgerSource, lossesByCause, lostSeconds, timeLedger } from '../time/time-ledger.ts';
import { type Html, html } from './html.ts';

/** Where the experiment's time went; nothing where nothing was done. */
export function timeSection(source: LedgerSource): Html | false {
  const rows = timeLedger(source);
  const losses = lossesByCause(source);
  return (
    rows.length > 0 &&
    html`<section id="time">
<h2>Where the time went</h2>
<p class="note">Useful is what stands in artifacts and checkpoints. Lost is what had to be done again or came to nothing: from the last
checkpoint of an attempt to its end, and what was made a second time. Saved is what did not have to be done, because the store had it, or
a checkpoint was gone on from. Times are of the machines at work, waiting left out.</p>
<div class="scroll" tabindex="0"><table class="settings">
<thead><tr><th scope="col">step</th><th scope="col">made</th><th scope="col">attempts</th><th scope="col">useful</th><th scope="col">lost</th>
<th scope="col">found in the store</th><th scope="col">saved by that</th><th scope="col">saved by checkpoints</th></tr></thead>
<tbody>${rows.map(
      row =>
        html`<tr><th scope="row">${row.step}</th><td>${row.made}</td><td>${row.attempts}</td>
<td>${timeOrNone(row.usefulSeconds)}</td><td>${timeOrNone(row.lostSeconds)}</td>
<td>${row.hits} times</td><td>${timeOrNone(row.savedByHits)}</td><td>${timeOrNone(row.savedByCheckpoints)}</td></tr>`,
    )}</tbody></table></div>
${
  losses.length > 0 &&
  html`<p class="note">Lost to ${losses
    .map(({ cause, attempts, seconds }) => `${cause} (${attempts}, ${durationText(seconds)})`)
    .join(', ')}.</p>`
}
</section>`
  );
}

/** All attempts that a cell asked for, with what of each was lost; nothing where none is known. */
export function attemptTable(cell: string, { experiment, attempts: all }: LedgerSource): Html | false {
  const lost = lostSeconds(all);
  const attempts = all.filter(attempt => attempt.experiment === experiment && attempt.cell === cell);
  return (
    attempts.length > 0 &&
    html`<h3>Attempts</h3>
<div class="scroll" tabindex="0"><table class="settings">
<thead><tr><th scope="col">step</th><th scope="col">attempt</th><th scope="col">began</th><th scope="col">machine</th>
<th scope="col">took</th><th scope="col">lost</th><th scope="col">ended</th><th scope="col">log</th></tr></thead>
<tbody>${attempts.map(
      attempt => html`<tr><th scope="row">${attempt.step}</th><td>${attempt.attempt}</td>
<td><time datetime="${attempt.startedAt}">${attempt.startedAt.slice(0, 19).replace('T', ' ')}</time></td><td>${attempt.machine}</td>
<td>${durationText(attempt.seconds)}</td><td>${timeOrNone(lost.get(attempt)!)}</td>
<td>${attempt.outcome}${attempt.error && ` (${attempt.error})`}</td>
<td>${logLink(attempt, rootFrom(cell))}</td></tr>`,
    )}</tbody></table></div>`
  );
}

function logLink(attempt: AttemptResult, root: string): Html | string {
  const file = attemptLogFile(attempt);
  return file ? html`<a href="${root}${file}">log</a>` : html`<code>${attempt.log}</code>`;
}

const shortest = 0.05; // seconds: what would be shown as 0.0 s

const timeOrNone = (seconds: number) => (seconds < shortest ? '–' : durationText(seconds));
