// Writes `data/<address>.js` for every embedding, and the thumbnails that go with them; what is there already stays.
import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { NdArray } from '../../numeric/arrays/array.ts';
import { nearestNeighbours } from '../../numeric/neighbours/nearest-neighbours.ts';
import { cellName, dataFile } from '../anchor.ts';
import type { CellData, ThumbnailData } from '../explorer/cell-data.ts';
import { colourOnDark } from '../figures/class-colours.ts';
import { type EmbeddedCell, embeddingRun, isEmbedded } from '../figures/embedding.ts';
import type { DatasetResult, ExperimentResult, Thumbnails } from '../result.ts';
import { writeWhole } from '../write-whole.ts';
import { type AnalysisTask, analyseEmbedding, type EmbeddingAnalysis } from './embedding-analysis.ts';

/** The class-wise part of each cell's analysis, by address. */
export type ClassAnalyses = ReadonlyMap<string, Pick<EmbeddingAnalysis, 'confusion' | 'classSilhouettes'>>;

/**
 * Analyses and writes those cells whose scores or code are not those of the file that is there; answers for all. Of what
 * another report (`from`) has already, a copy is taken.
 */
export async function writeCellData(
  result: ExperimentResult,
  folder: string,
  from?: string,
): Promise<ClassAnalyses> {
  const analyses = new Map<string, Pick<EmbeddingAnalysis, 'confusion' | 'classSilhouettes'>>();
  for (const cell of result.cells) {
    if (!isEmbedded(cell) || !result.datasets[cell.dataset]) continue;
    const file = path.join(folder, dataFile(cell.address));
    const key = keyOf(cell, result);
    const known =
      (await readCellData(file, key)) ?? (from ? await copyCellData(cell, key, from, file) : undefined);
    analyses.set(cell.address, known ?? (await writeOne(cell, result, file)));
  }
  return analyses;
}

async function copyCellData(
  { address }: EmbeddedCell,
  key: string,
  from: string,
  file: string,
): Promise<CellData | undefined> {
  const there = path.join(from, dataFile(address));
  const data = await readCellData(there, key);
  if (data) await writeWhole(file, await readFile(there));
  return data;
}

async function writeOne(
  cell: EmbeddedCell,
  result: ExperimentResult,
  file: string,
): Promise<EmbeddingAnalysis> {
  const dataset = result.datasets[cell.dataset]!;
  const analysis = await analyseEmbedding(analysisTask(cell, dataset));
  const script = await cellDataScript(cell, dataset, analysis);
  await writeWhole(file, `// ${keyOf(cell, result)}\n${script}`);
  return analysis;
}

/** A script that hands a cell's data over to the page that loads it. */
export async function cellDataScript(
  cell: EmbeddedCell,
  dataset: DatasetResult,
  analysis: EmbeddingAnalysis,
): Promise<string> {
  const data = JSON.stringify(await cellData(cell, dataset, analysis));
  return `(globalThis.simcneCells ??= {})[${JSON.stringify(cell.address)}] = ${data}\n`;
}

/** Copies the thumbnails of every dataset into the report, so that the folder can be taken elsewhere. */
export async function copyThumbnails({ datasets }: ExperimentResult, folder: string): Promise<void> {
  for (const [name, dataset] of Object.entries(datasets)) {
    for (const [sheet, file] of (dataset?.thumbnails?.files ?? []).entries()) {
      const target = path.join(folder, thumbnailFile(name, sheet));
      if (await isCopy(file, target)) continue;
      await mkdir(path.dirname(target), { recursive: true });
      await copyFile(file, target);
    }
  }
}

/** Above this, the quadratic search for neighbours in feature space would take minutes. */
const mostForNeighbours = 20_000;
const neighbourCount = 12;

/** What the file was made from: another score or other code makes it anew. */
function keyOf({ steps }: EmbeddedCell, { codeVersion }: ExperimentResult): string {
  return `${steps.at(-1)?.key ?? 'no recipe'}, simcne ${codeVersion}`.replace(/[\r\n\u2028\u2029]/g, ' ');
}

async function readCellData(file: string, key: string): Promise<CellData | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (!text?.startsWith(`// ${key}\n`)) return undefined;
  return JSON.parse(text.slice(text.indexOf(' = ') + 3)) as CellData;
}

function analysisTask(
  { embedding, labels, steps }: EmbeddedCell,
  { classes, noClass, groups }: DatasetResult,
): AnalysisTask {
  const score = (steps.find(({ step }) => step === 'score')?.settings ?? {}) as AnalysisTask['score'];
  return { embedding, labels, classCount: classes.length, noClass, groups, score };
}

async function cellData(
  cell: EmbeddedCell,
  dataset: DatasetResult,
  analysis: EmbeddingAnalysis,
): Promise<CellData> {
  const neighbours = await featureNeighbours(cell);
  return {
    address: cell.address,
    name: cellName(cell),
    title: embeddingRun(cell, dataset),
    dataset: cell.dataset,
    n: cell.labels.data.length,
    whole: dataset.whole,
    sourceIndices: dataset.sourceIndices && base64(Uint32Array.from(dataset.sourceIndices)),
    classes: dataset.classes.map(({ name, short, colour }) => ({
      name,
      short,
      colour,
      colourOnDark: colourOnDark(colour),
    })),
    thumbnails: dataset.thumbnails && thumbnailData(cell.dataset, dataset.thumbnails),
    positions: base64(cell.embedding.data),
    labels: base64(Uint16Array.from(cell.labels.data)),
    predicted: base64(Uint16Array.from(analysis.predicted)),
    disagreement: base64(analysis.disagreement),
    silhouette: base64(analysis.silhouette),
    density: base64(analysis.density),
    neighbours: neighbours && base64(Uint32Array.from(neighbours)),
    neighbourCount: neighbours ? neighbours.length / cell.labels.data.length : 0,
    noClass: dataset.noClass,
    known: dataset.known,
    confusion: analysis.confusion,
    classSilhouettes: analysis.classSilhouettes,
  };
}

async function featureNeighbours({ labels, readFeatures }: EmbeddedCell): Promise<Int32Array | undefined> {
  const n = labels.data.length;
  if (!readFeatures || n > mostForNeighbours || n < 2) return undefined;
  const features: NdArray<Float32Array | Uint8Array> = await readFeatures();
  return (await nearestNeighbours(features, Math.min(neighbourCount, n - 1))).indices;
}

function thumbnailData(name: string, { files, rows, columns, tile }: Thumbnails): ThumbnailData {
  return { files: files.map((_, sheet) => thumbnailFile(name, sheet)), rows, columns, tile };
}

const thumbnailFile = (dataset: string, sheet: number) => `images/${dataset}-${sheet}.png`;

function base64({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array | Uint32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** Same size and not older: artifacts never change in place. */
async function isCopy(file: string, target: string): Promise<boolean> {
  const [original, copy] = await Promise.all([stat(file), stat(target).catch(() => undefined)]);
  return copy !== undefined && copy.size === original.size && copy.mtimeMs >= original.mtimeMs;
}
