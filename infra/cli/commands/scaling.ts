// scaling: how good trainings were by how many images they had seen, from the snapshots that they kept.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { ScoredTraining } from '../../../activities/snapshot-scores.ts';
import { ignoreMissing, writeWhole } from '../../../artifacts/durable.ts';
import { paperScores } from '../../../experiments/paper-numbers.ts';
import { paperEpochs } from '../../../experiments/paper-training.ts';
import { type ScalingPoint, type SnapshotScores, scalingFigure } from '../../../reports/figures/scaling.ts';
import { csvText } from '../../../reports/table/csv.ts';
import { rowName } from '../../../reports/table/results-table.ts';
import { reportFolder } from '../../home.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { alignColumns, printResult, say } from '../output.ts';
import { type Selection, selectCells, withSelection } from '../select-cells.ts';
import { UsageError } from '../usage-error.ts';

/** What is kept between calls: scores by the digest of the training that they belong to. */
type Known = Record<string, SnapshotScores[]>;

interface Curve {
  training: ScoredTraining;
  scores: SnapshotScores[];
}

export function addScalingCommand(program: Command): void {
  withSelection(program.command('scaling <experiment>'))
    .description('scores of the snapshots that trainings kept, by how many images they had seen')
    .action(async (named: string, options: Selection, command: Command) => {
      const experiment = await namedPlace(named);
      const { trainingWithSnapshots } = await import('../../../activities/snapshot-scores.ts');
      const store = await openHomeStore();
      const cells = selectCells(experiment, options);
      const found = await Promise.all(cells.map(cell => trainingWithSnapshots(store, cell)));
      const trainings = found.filter(training => training !== undefined);
      if (trainings.length === 0) {
        throw new UsageError(
          `${experiment}: no finished training kept snapshots (snapshotEvery in the experiment's settings)`,
        );
      }
      const folder = reportFolder(experiment);
      const curves = await scoreAll(command, trainings, path.join(folder, 'snapshots.json'));
      const files = await writeCurves(curves, folder, experiment);
      const rows = curves.flatMap(({ training: { cell }, scores }) =>
        scores.map(one => ({ address: cell.address, ...inPercent(one) })),
      );
      printResult(command, { experiment, files, rows }, () => scalingText(rows));
    });
}

/** Scores what was not scored by an earlier call; each score is kept as it comes. */
async function scoreAll(command: Command, trainings: ScoredTraining[], file: string): Promise<Curve[]> {
  const { snapshotScores } = await import('../../../activities/snapshot-scores.ts');
  const known = JSON.parse((await readFile(file, 'utf8').catch(ignoreMissing)) ?? '{}') as Known;
  const work = { threads: availableParallelism(), signal: new AbortController().signal };
  const curves: Curve[] = [];
  for (const training of trainings) {
    const scores = [...(known[training.digest] ?? [])];
    const epochs = scores.map(({ epoch }) => epoch);
    for await (const one of snapshotScores(training, { known: epochs, ...work })) {
      scores.push(one);
      known[training.digest] = scores.sort((a, b) => a.epoch - b.epoch);
      await writeWhole(file, JSON.stringify(known));
      say(command, `${training.cell.address}, epoch ${one.epoch}`);
    }
    curves.push({ training, scores });
  }
  return curves;
}

async function writeCurves(curves: Curve[], folder: string, experiment: string): Promise<string[]> {
  const { renderSvg } = await import('../../../reports/render.ts');
  const points = curves.flatMap(pointsOf);
  const figure = scalingFigure(points, `${experiment}: scores by images seen`);
  const table = csvText([
    ['row', 'source', 'samples', 'knn', 'silhouette'],
    ...points.map(({ row, source, samples, knn, silhouette }) => [row, source, samples, knn, silhouette]),
  ]);
  const files = { 'scaling.svg': await renderSvg(figure), 'scaling.csv': table };
  for (const [name, text] of Object.entries(files)) await writeWhole(path.join(folder, name), text);
  return Object.keys(files).map(name => path.join(folder, name));
}

/** A training's own points, and the paper's of its row, which saw the same images more often. */
function pointsOf({ training: { cell, images }, scores }: Curve): ScalingPoint[] {
  const { dataset, method, augmentation = null } = cell;
  const { group, label } = rowName(cell);
  const row = `${group}, ${label}`;
  const own = scores.map(one => ({ row, source: 'here' as const, ...inPercent(one) }));
  const printed = paperScores(dataset, method, augmentation);
  if (!printed) return own;
  const { tsimcne, simclr } = paperEpochs;
  const epochs = method === 't-simcne' ? tsimcne.reduce((sum, one) => sum + one) : simclr;
  const { knn, silhouette } = printed;
  return [
    ...own,
    { row, source: 'paper', samples: epochs * images, knn: knn.mean, silhouette: silhouette.mean },
  ];
}

function inPercent({ knn, featuresKnn, silhouette, ...position }: SnapshotScores) {
  const percent = (share: number | undefined) => (share === undefined ? null : 100 * share);
  return {
    ...position,
    knn: percent(knn),
    featuresKnn: percent(featuresKnn),
    silhouette: silhouette ?? null,
  };
}

function scalingText(rows: ({ address: string } & ReturnType<typeof inPercent>)[]): string {
  return alignColumns([
    ['cell', 'epoch', 'images seen', 'kNN, %', 'of features', 'silhouette'],
    ...rows.map(({ address, epoch, samples, knn, featuresKnn, silhouette }) => [
      ...[address, String(epoch), String(samples)],
      ...[knn?.toFixed(1) ?? '–', featuresKnn?.toFixed(1) ?? '–', silhouette?.toFixed(2) ?? '–'],
    ]),
  ]);
}
