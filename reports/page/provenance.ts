// Where a cell's numbers come from: workflow, seed, duration, backend, and the recipe of every step.
import { rootFrom } from '../anchor.ts';
import type { CellResult, StepResult } from '../result.ts';
import { countText, durationText } from '../table/score-text.ts';
import { type Html, html } from './html.ts';

/** A cell's origin. */
export function provenance(cell: CellResult): Html {
  return html`<div class="provenance">
<dl>${facts(cell).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${cell.steps.length > 0 && stepTable(cell.steps, rootFrom(cell.address))}
</div>`;
}

function facts(cell: CellResult): [string, Html | string][] {
  const { seed, seconds, training, network } = cell;
  const rate = training?.samplesPerSecond;
  const known: [string, Html | string | undefined][] = [
    ['cell', html`<code>${cell.address}</code>`],
    ['workflow', cell.workflowId ? workflow(cell) : undefined],
    ['run', cell.runId && html`<code>${cell.runId}</code>`],
    ['seed', seed === undefined ? undefined : String(seed)],
    [
      'duration',
      seconds === undefined ? undefined : durationText(seconds) + (cell.reused ? ' (reused)' : ''),
    ],
    ['training', rate === undefined ? undefined : `${countText(Math.round(rate))} samples/s`],
    ['backend', cell.backend],
    ['machine', cell.machine],
    ['finished', cell.finishedAt],
    ['network', network === undefined ? undefined : html`<code>${JSON.stringify(network)}</code>`],
    ['recipe', cell.steps.length > 0 ? html`<code>${cell.steps.at(-1)!.key}</code>` : undefined],
  ];
  return known.filter((fact): fact is [string, Html | string] => Boolean(fact[1]));
}

function workflow({ workflowId, runId, workflowUrl }: CellResult): Html {
  const isWebAddress = /^https?:\/\//i.test(workflowUrl ?? '');
  const name = html`<code>${workflowId}</code>`;
  return isWebAddress
    ? html`<a href="${workflowUrl}" rel="noreferrer" data-workflow="${workflowId}/${runId}">${name}</a>`
    : name;
}

function stepTable(steps: readonly StepResult[], root: string): Html {
  return html`<div class="scroll" tabindex="0"><table class="steps">
<thead><tr><th scope="col">step</th><th scope="col">recipe</th><th scope="col">artifact</th><th scope="col">time</th><th scope="col">log</th></tr></thead>
<tbody>${steps.map(
    ({ step, key, digest, seconds, logs = [] }) => html`<tr><th scope="row">${step}</th>
<td><code title="${key}">${short(key)}</code></td>
<td>${digest && html`<code title="${digest}">${short(digest)}</code>`}</td>
<td>${durationText(seconds)}</td>
<td>${logs.map((log, i) => html`<a href="${root}${log}">attempt ${i + 1}</a> `)}</td></tr>`,
  )}</tbody></table></div>
${steps
  .filter(({ settings }) => settings !== undefined)
  .map(
    ({ step, settings }) => html`<details><summary>settings of ${step}</summary>
<pre tabindex="0">${JSON.stringify(settings, null, 2)}</pre></details>`,
  )}`;
}

/** As many digits as one needs to tell digests apart by eye. */
const short = (digest: string) => digest.slice(0, 12);
