// The page that puts two cells side by side.
import { cellName } from '../anchor.ts';
import { isEmbedded } from '../figures/embedding.ts';
import { documentText } from '../page/document.ts';
import { type Html, html, json } from '../page/html.ts';
import type { CellResult, ExperimentResult } from '../result.ts';
import { durationText, scoreText } from '../table/score-text.ts';

/** `compare.html`; undefined where fewer than two cells have an embedding. */
export function comparePage(result: ExperimentResult): string | undefined {
  const choices = choicesOf(result);
  if (choices.length < 2) return undefined;
  return documentText({
    title: `Two cells of ${result.experiment}`,
    scripts: ['assets/compare.js'],
    body: html`<header class="of-cell">
<nav class="eyebrow" aria-label="Report"><a rel="up" href="index.html">experiment ${result.experiment}</a></nav>
<h1>Two cells side by side</h1>
</header>
<main class="comparison">${pair(choices, choices, [choices[0], choices[1]])}</main>`,
  });
}

/** A cell that can be chosen; `value` names it on the page, `root` leads from the page to its data. */
export interface CellChoice {
  readonly value: string;
  readonly root: string;
  readonly cell: CellResult;
}

/** The cells of a result that have an embedding. `side` is their folder below the page, where there are two results. */
export function choicesOf({ cells, datasets }: ExperimentResult, side?: string): CellChoice[] {
  return cells
    .filter(cell => isEmbedded(cell) && datasets[cell.dataset])
    .map(cell => ({
      value: side ? `${side}/${cell.address}` : cell.address,
      root: side ? `${side}/` : '',
      cell,
    }));
}

/** Two embeddings to choose and look at, what differs between them, and the data that the script fills this from. */
export function pair(
  left: readonly CellChoice[],
  right: readonly CellChoice[],
  [a, b]: readonly [CellChoice, CellChoice],
): Html {
  const facts = Object.fromEntries([...left, ...right].map(({ value, cell }) => [value, factsOf(cell)]));
  return html`<script type="application/json" class="facts-of-cells">${json(facts)}</script>
<div class="tools">${choice('a', 'Left', left, a)} ${choice('b', 'Right', right, b)}</div>
<div class="pair"><div class="frame" data-side="0"></div><div class="frame" data-side="1"></div></div>
<p class="note linked" role="status"></p>
<div class="card-place pointed"></div>
<section><h2>Differences</h2>
<div class="scroll" tabindex="0"><table class="settings of-cells"><thead><tr><th scope="col">of the cell</th><th scope="col">left</th>
<th scope="col">right</th><th scope="col">right less left</th></tr></thead><tbody></tbody></table></div></section>`;
}

function choice(name: string, label: string, choices: readonly CellChoice[], chosen: CellChoice): Html {
  return html`<label>${label} <select name="${name}">${choices.map(
    ({ value, root, cell }) =>
      html`<option value="${value}" data-root="${root}" data-address="${cell.address}"${value === chosen.value && ' selected'}>${cell.dataset}: ${cellName(cell)}</option>`,
  )}</select></label>`;
}

/** Numbers with their decimals, so that differences can be taken; settings as texts. */
function factsOf({ knn, silhouette, seconds, backend, machine, codeVersion, steps, network }: CellResult) {
  const percent = knn === undefined ? null : 100 * knn;
  const settings = steps.find(({ step }) => step === 'train')?.settings;
  return [
    { name: 'kNN accuracy, %', text: scoreText('knn', percent), value: percent ?? undefined, decimals: 1 },
    {
      name: 'silhouette',
      text: scoreText('silhouette', silhouette ?? null),
      value: silhouette,
      decimals: 3,
    },
    {
      name: 'time, s',
      text: seconds === undefined ? '–' : durationText(seconds),
      value: seconds,
      decimals: 1,
    },
    { name: 'network', text: network === undefined ? '–' : JSON.stringify(network) },
    ...settingTexts(settings),
    { name: 'backend', text: backend ?? '–' },
    { name: 'machine', text: machine ?? '–' },
    { name: 'code', text: codeVersion ?? '–' },
  ];
}

const compared = ['loss', 'augmentation', 'batchSize', 'learningRate', 'weightDecay', 'stages'] as const;

function settingTexts(settings: unknown): { name: string; text: string }[] {
  const known = (settings ?? {}) as Partial<Record<(typeof compared)[number], unknown>>;
  return compared.map(name => ({
    name,
    text:
      known[name] === undefined ? '–' : name === 'stages' ? stagesText(known.stages) : String(known[name]),
  }));
}

function stagesText(stages: unknown): string {
  return (stages as { name: string; epochs: number }[])
    .map(({ name, epochs }) => `${name} ${epochs}`)
    .join(', ');
}
