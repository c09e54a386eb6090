// The part of a report that is worth keeping in the repository: table, a picture, and what made them.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { exhibitsOf } from './exhibits/exhibits.ts';
import { type EmbeddedCell, embeddingFigure, isEmbedded } from './figures/embedding.ts';
import { renderPng } from './render.ts';
import type { ExperimentResult } from './result.ts';
import { resultsTable } from './table/results-table.ts';
import { tableMarkdown } from './table/table-markdown.ts';

/**
 * Writes `table.md`, `table.json`, `provenance.json`, `embeddings.png` (the best cell of each method, side by side), and the
 * paper's figures as these results give them, `figure-<number>-<dataset>.png`.
 */
export async function publish(result: ExperimentResult, folder: string): Promise<{ path: string }> {
  const table = resultsTable(result);
  const write = (name: string, contents: string | Uint8Array) => writeFile(path.join(folder, name), contents);
  await mkdir(folder, { recursive: true });
  await write('table.md', tableMarkdown(table));
  await write('table.json', `${JSON.stringify(table, null, 2)}\n`);
  await write('provenance.json', `${JSON.stringify(provenance(result), null, 2)}\n`);
  const best = bestOfEachMethod(result);
  if (best.length > 0) await write('embeddings.png', await sideBySide(best, result));
  for (const { name, spec } of await exhibitsOf(result)) {
    await write(
      `${name}.png`,
      await sharp(await renderPng(spec))
        .png({ palette: true })
        .toBuffer(),
    );
  }
  return { path: folder };
}

/** What each number was made from: the cells without their arrays and settings, which the keys stand for. */
function provenance({ experiment, codeVersion, madeAt, cells }: ExperimentResult) {
  return {
    experiment,
    publishedBy: codeVersion,
    publishedAt: madeAt,
    cells: cells.map(
      ({ embedding: _, labels: __, training, steps, workflowUrl: ___, earlierHits: ____, ...cell }) => ({
        ...cell,
        samplesPerSecond: training?.samplesPerSecond,
        steps: steps.map(({ step, key, digest, seconds }) => ({ step, key, digest, seconds })),
      }),
    ),
  };
}

function bestOfEachMethod({ cells, datasets }: ExperimentResult): EmbeddedCell[] {
  const best = new Map<string, EmbeddedCell>();
  for (const cell of cells) {
    if (!isEmbedded(cell) || !datasets[cell.dataset]) continue;
    const known = best.get(cell.method);
    if (!known || (cell.knn ?? 0) > (known.knn ?? 0)) best.set(cell.method, cell);
  }
  return [...best.values()];
}

/** One row of panels. */
async function sideBySide(cells: EmbeddedCell[], { datasets }: ExperimentResult): Promise<Buffer> {
  const panels = await Promise.all(
    cells.map(cell => renderPng(embeddingFigure(cell, datasets[cell.dataset]!))),
  );
  const sizes = await Promise.all(panels.map(panel => sharp(panel).metadata()));
  const lefts = sizes.map((_, place) => sizes.slice(0, place).reduce((sum, { width }) => sum + width, 0));
  const width = lefts.at(-1)! + sizes.at(-1)!.width;
  const height = Math.max(...sizes.map(size => size.height));
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(panels.map((input, place) => ({ input, left: lefts[place], top: 0 })))
    .png({ palette: true })
    .toBuffer();
}
