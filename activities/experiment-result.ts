// An experiment as the store knows it: what tables, figures and the report are made from.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type CellRecord, readCellRecord } from '../artifacts/cell-record.ts';
import { hasBegun } from '../artifacts/running-cells.ts';
import type { Artifact, Store } from '../artifacts/store.ts';
import { datasets as catalogue } from '../datasets/catalogue.ts';
import { storedKnown } from '../datasets/own/stored-images.ts';
import { thumbnailFile } from '../datasets/thumbnails.ts';
import { isAsInPaper } from '../experiments/as-in-paper.ts';
import type { Operation } from '../experiments/augmentation-operations.ts';
import { type Cell, cellsOf, type Experiment } from '../experiments/experiment.ts';
import { paper } from '../experiments/paper.ts';
import { table1 } from '../experiments/paper-numbers.ts';
import type { StepOf } from '../experiments/steps.ts';
import { asRows, type NdArray, type TypedArray } from '../numeric/arrays/array.ts';
import { decodeNpy } from '../numeric/arrays/npy.ts';
import type {
  CellResult,
  DatasetResult,
  ExperimentResult,
  ScaledSetting,
  Thumbnails,
} from '../reports/result.ts';
import { type DatasetRow, datasetTable, type KnownDataset } from '../reports/table/dataset-table.ts';
import { groupsFile, PreparedDataset, TrainingCurves } from './artifact-files.ts';
import { currentRecord } from './current-record.ts';
import { furtherOwnCells, knownExperiment } from './definitions.ts';
import { exampleViews } from './example-views.ts';
import { experimentAttempts } from './experiment-attempts.ts';
import { contentFolder, type OwnSet, ownSets } from './own-sets.ts';

/** Where results are read, and what links point to. */
export interface ResultSource {
  store: Store;
  codeVersion: string;
  /** Address of the namespace's pages in the Temporal UI, if it is known. */
  temporalUi?: string;
  /** Folder of the logs, if there are any to link. */
  logs?: string;
}

/** What of the results is read. */
export interface ResultOptions {
  /** Without them embeddings are left out. */
  arrays?: boolean;
  /** Images that somebody brought. */
  own?: boolean;
  /** Of an experiment from a file, the digest of the definition that is meant; the latest where it is left out. */
  definition?: string;
}

/** Reads the results of an experiment, every cell of it, made or not. */
export async function experimentResult(
  source: ResultSource,
  name: string,
  { arrays = true, own: withOwn = true, definition }: ResultOptions = {},
): Promise<ExperimentResult> {
  const { folder } = source.store;
  const experiment = knownExperiment(folder, name, definition);
  const cells: CellResult[] = [];
  const datasets: Record<string, DatasetResult> = {};
  const own = withOwn ? ownSets(folder) : [];
  const logs = await stepLogs(source.logs);
  const operations = Object.values(experiment.augmentationSets ?? {}).flat();
  for (const cell of [...cellsOf(experiment), ...(await ownCellsMade(folder, experiment, own))]) {
    const record = await currentRecord(folder, cell);
    const artifacts = record ? await recordedArtifacts(source.store, record) : new Map<string, Artifact>();
    cells.push(withLogs(await cellResult(source, cell, record, artifacts, arrays), logs));
    const prepared = artifacts.get('prepare');
    const set = own.find(({ name }) => name === cell.dataset);
    if (prepared && !datasets[cell.dataset])
      datasets[cell.dataset] = await datasetResult(folder, prepared, set, { arrays, operations });
  }
  return {
    experiment: name,
    title: experiment.title,
    profile: experiment.profile,
    scaledSettings: scaledSettings(experiment),
    madeAt: new Date().toISOString(),
    codeVersion: source.codeVersion,
    cells,
    datasets,
    attempts: await experimentAttempts(folder, name, keysOf(cells)),
    table1: table1Of([...new Set(cells.map(cell => cell.dataset))], own),
  };
}

function keysOf(cells: CellResult[]): string[] {
  return cells.flatMap(({ steps }) => steps.map(({ key }) => key));
}

/** Cells of images that somebody brought are part of an experiment once they were begun. */
async function ownCellsMade(store: string, experiment: Experiment, sets: OwnSet[]): Promise<Cell[]> {
  const made: Cell[] = [];
  for (const cell of furtherOwnCells(experiment, sets)) {
    const isMade = (await readCellRecord(store, experiment.name, cell.address)) !== undefined;
    if (isMade || (await hasBegun(store, `${experiment.name}/${cell.address}`))) made.push(cell);
  }
  return made;
}

/** The paper's Table 1 for data sets by name: those of the catalogue, and those that somebody brought. */
export function table1Of(names: readonly string[], own: readonly OwnSet[] = []): DatasetRow[] {
  const known: Record<string, KnownDataset> = catalogue;
  const brought = (name: string): KnownDataset | undefined => {
    const set = own.find(one => one.name === name);
    return set && { ...set, count: set.n, imageSize: [set.heights[1], set.widths[1]] };
  };
  return datasetTable(names, name => (Object.hasOwn(known, name) ? known[name] : brought(name)));
}

async function recordedArtifacts(store: Store, record: CellRecord): Promise<Map<string, Artifact>> {
  const artifacts = new Map<string, Artifact>();
  for (const { step, key, digest } of record.steps) {
    const artifact = await store.find(key, digest);
    if (artifact) artifacts.set(step, artifact);
  }
  return artifacts;
}

async function cellResult(
  { store, temporalUi }: ResultSource,
  cell: Cell,
  record: CellRecord | undefined,
  artifacts: Map<string, Artifact>,
  arrays: boolean,
): Promise<CellResult> {
  const { address, dataset, method, augmentation, variant, seed, steps } = cell;
  const common = { address, dataset, method, augmentation, variant, seed, asInPaper: isAsInPaper(cell) };
  if (!record)
    return { ...common, status: 'missing', reason: await whyMissing(store.folder, cell), steps: [] };
  const { status, reason, failure, knn, silhouette, workflowId, runId, finishedAt } = record;
  const training = artifacts.get('train');
  const embedding = artifacts.get('tsne') ?? artifacts.get('embed');
  const origin = (training ?? embedding)?.manifest.provenance;
  return {
    ...common,
    status,
    reason,
    failure,
    knn,
    silhouette,
    seconds: record.steps.reduce((sum, step) => sum + step.seconds, 0),
    reused: record.steps.every(step => step.reused),
    workflowId,
    runId,
    workflowUrl: temporalUi && `${temporalUi}/workflows/${encodeURIComponent(workflowId)}/${runId}`,
    backend: origin?.backend,
    machine: origin?.machine,
    codeVersion: origin?.codeVersion,
    finishedAt,
    earlierHits: record.earlierHits,
    steps: record.steps.map(step => ({
      ...step,
      settings: artifacts.get(step.step)?.manifest.recipe.settings,
    })),
    network: steps.find((step): step is StepOf<'train'> => step.step === 'train')?.settings.network,
    training: training && {
      ...(await readJson(training, 'training.json', TrainingCurves)),
      samplesPerSecond: training.manifest.summary.samplesPerSecond as number,
    },
    ...(arrays && status === 'done' && embedding
      ? {
          embedding: await readNpy<Float32Array>(embedding, 'embedding.npy'),
          labels: await shownLabels(artifacts.get('prepare')!),
          readFeatures: () => readFeatures(artifacts),
        }
      : {}),
  };
}

async function whyMissing(store: string, { experiment, address, steps }: Cell): Promise<string> {
  if (await hasBegun(store, `${experiment}/${address}`)) {
    return `begun, and not at its end yet: "simcne status ${experiment}" says whether it runs`;
  }
  const isOwn = steps.some(({ step, settings }) => step === 'fetch' && settings.content !== undefined);
  if (isOwn) return 'not run since other images were added under this name';
  const wasMade = (await readCellRecord(store, experiment, address)) !== undefined;
  return wasMade ? 'not run since its settings were changed' : 'not run yet';
}

/** Logs of all attempts, as activities/step-attempt.ts names them. */
async function stepLogs(folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return [];
  const names = await readdir(path.join(folder, 'steps')).catch(() => [] as string[]);
  return names.sort().map(name => path.join(folder, 'steps', name));
}

function withLogs(cell: CellResult, logs: readonly string[]): CellResult {
  const logsOf = (start: string) => logs.filter(log => path.basename(log).startsWith(start));
  const steps = cell.steps.map(step => ({ ...step, logs: logsOf(`${step.step}-${step.key.slice(0, 12)}-`) }));
  return { ...cell, steps };
}

/** What a cell's embedding was made from: features of its network, or else the pixels, `[n, d]`. */
async function readFeatures(artifacts: Map<string, Artifact>): Promise<NdArray<Float32Array | Uint8Array>> {
  const ofNetwork = artifacts.get('embed') ?? artifacts.get('features');
  if (ofNetwork) return readNpy<Float32Array>(ofNetwork, 'features.npy');
  return asRows(await readNpy<Uint8Array>(artifacts.get('prepare')!, 'images.npy'));
}

/** Images without a class are shown as one more, in grey. */
function shownClasses({ classes, n }: PreparedDataset): PreparedDataset['classes'] {
  const unlabelled = n - classes.reduce((sum, { count }) => sum + count, 0);
  if (unlabelled === 0) return classes;
  return [...classes, { name: 'no class', short: 'no class', colour: '#a8a49c', count: unlabelled }];
}

async function shownLabels(prepared: Artifact): Promise<NdArray<Int32Array>> {
  const labels = await readNpy<Int32Array>(prepared, 'labels.npy');
  if (labels.data.every(label => label >= 0)) return labels;
  const { classes } = await readJson(prepared, 'dataset.json', PreparedDataset);
  return { ...labels, data: labels.data.map(label => (label < 0 ? classes.length : label)) };
}

async function groupsOf(prepared: Artifact): Promise<Int32Array | undefined> {
  if (!prepared.manifest.files[groupsFile]) return undefined;
  return (await readNpy<Int32Array>(prepared, groupsFile)).data;
}

/** What was kept with the images of a set, of those that are used. */
async function knownOf(
  store: string,
  own: OwnSet,
  sourceIndices: Int32Array,
): Promise<DatasetResult['known']> {
  const known = await storedKnown(contentFolder(store, own));
  if (!known) return undefined;
  const used = (words: readonly string[]) => Array.from(sourceIndices, i => words[i]);
  return {
    files: used(known.files),
    columns: known.columns.map(({ name, values }) => ({ name, values: used(values) })),
  };
}

async function datasetResult(
  store: string,
  prepared: Artifact,
  own: OwnSet | undefined,
  { arrays, operations }: { arrays: boolean; operations: readonly Operation[] },
): Promise<DatasetResult> {
  const description = await readJson(prepared, 'dataset.json', PreparedDataset);
  const { dataset, title, n, thumbnails } = description;
  const classes = shownClasses(description);
  const sourceIndices = arrays ? (await readNpy<Int32Array>(prepared, 'source-indices.npy')).data : undefined;
  const origin = own
    ? {
        title: own.title,
        own: { n: own.n, source: own.source, group: own.group, testedCopies: own.testedCopies },
      }
    : { title, nPaper: table1.rows.find(row => row.dataset === dataset)?.n };
  return {
    ...origin,
    n,
    classes,
    ...(classes.length > description.classes.length && { noClass: classes.length - 1 }),
    ...(own && sourceIndices && { known: await knownOf(store, own, sourceIndices) }),
    whole: own ? `${dataset} ${own.content}` : dataset,
    sourceIndices,
    groups: arrays ? await groupsOf(prepared) : undefined,
    thumbnails: thumbnailsOf(prepared, n, thumbnails),
    exampleViews: arrays
      ? exampleViews(prepared, description, await exampleImage(prepared, description.classes), operations)
      : undefined,
  };
}

/** An eosinophil where there are any, as in the paper's figure 1; else the first image of the largest class. */
async function exampleImage(prepared: Artifact, classes: PreparedDataset['classes']): Promise<number> {
  const largest = Math.max(...classes.map(({ count }) => count));
  const eosinophil = classes.findIndex(({ short, count }) => short === 'EOS' && count > 0);
  const label = eosinophil < 0 ? classes.findIndex(({ count }) => count === largest) : eosinophil;
  return (await readNpy<Int32Array>(prepared, 'labels.npy')).data.indexOf(label);
}

function thumbnailsOf(
  { folder }: Artifact,
  n: number,
  { columns, tile, perPicture = n }: PreparedDataset['thumbnails'],
): Thumbnails {
  const pictures = Math.max(1, Math.ceil(n / perPicture));
  const files = Array.from({ length: pictures }, (_, i) => path.join(folder, thumbnailFile(i)));
  return { files, columns, tile, rows: Math.ceil(perPicture / columns) };
}

async function readJson<T>(
  artifact: Artifact,
  file: string,
  schema: { parse(value: unknown): T },
): Promise<T> {
  return schema.parse(JSON.parse(await readFile(path.join(artifact.folder, file), 'utf8')));
}

async function readNpy<T extends TypedArray>(artifact: Artifact, file: string): Promise<NdArray<T>> {
  return decodeNpy(await readFile(path.join(artifact.folder, file))) as NdArray<T>;
}

/** What an experiment does otherwise than the paper does for the same data set. */
function scaledSettings(experiment: Experiment): ScaledSetting[] {
  if (experiment.profile !== 'scaled') return [];
  return experiment.datasets.flatMap(here => {
    const printed = paper.datasets.find(plan => plan.dataset === here.dataset);
    if (!printed) return [];
    const n = table1.rows.find(row => row.dataset === here.dataset)?.n;
    const epochs = (plan: typeof here, method: 't-simcne' | 'simclr-tsne') =>
      plan.training[method].stages.map(stage => stage.epochs).join(' + ');
    const network = ({ stem, width }: { stem: string; width: number }) =>
      `ResNet18 of width ${width}${stem === 'small-stride2' ? ', first convolution with stride 2' : ''}`;
    const rows: [string, (plan: typeof here) => string][] = [
      ['images', plan => (plan.images === 'all' ? `all ${n ?? ''}`.trim() : String(plan.images))],
      ['network', plan => network(plan.training['t-simcne'].network)],
      ['precision of training', plan => plan.training['t-simcne'].precision ?? 'float32'],
      ['epochs of t-SimCNE', plan => epochs(plan, 't-simcne')],
      ['epochs of SimCLR', plan => epochs(plan, 'simclr-tsne')],
      ['warm-up epochs', plan => String(plan.training['t-simcne'].stages[0].warmUpEpochs)],
      ['batch size', plan => String(plan.training['t-simcne'].batchSize)],
      ['learning rate of t-SimCNE', plan => String(plan.training['t-simcne'].learningRate)],
      ['learning rate of SimCLR', plan => String(plan.training['simclr-tsne'].learningRate)],
      ['seeds', plan => String(plan.seeds.length)],
    ];
    return rows
      .map(([setting, of]) => ({ setting, here: of(here), paper: of(printed) }))
      .filter(row => row.here !== row.paper);
  });
}
