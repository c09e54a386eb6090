// Figure 2: one data set by four methods, each with its kNN accuracy.
import type { TopLevelSpec } from 'vega-lite';
import { aligned } from '../explorer/scatter/align.ts';
import { type EmbeddedCell, isEmbedded } from '../figures/embedding.ts';
import type { CellResult, DatasetResult } from '../result.ts';
import { rowName } from '../table/results-table.ts';
import { countText, scoreText } from '../table/score-text.ts';
import { legendOrder, letterLayer, look, scatterLayer, schema } from './exhibit.ts';

/** The panels of the paper's figure, a to d. */
const panels = [
  { method: 'pixels-tsne', augmentation: undefined },
  { method: 'resnet18-tsne', augmentation: undefined },
  { method: 't-simcne', augmentation: 'default' },
  { method: 't-simcne', augmentation: 'rot90' },
] as const;

const pixels = 190;

/** The cell of each panel, its first seed; undefined where the experiment has none. */
export function fourMethods(cells: readonly CellResult[], dataset: string): (CellResult | undefined)[] {
  return panels.map(({ method, augmentation }) =>
    cells.find(
      cell => cell.dataset === dataset && cell.method === method && cell.augmentation === augmentation,
    ),
  );
}

/** Embeddings are turned to lie as the last one does (the paper mirrors two by hand); a panel without one says why. */
export function fourMethodsFigure(
  cells: readonly (CellResult | undefined)[],
  name: string,
  dataset: DatasetResult,
): TopLevelSpec {
  const last = cells.findLast((cell): cell is EmbeddedCell => cell !== undefined && isEmbedded(cell));
  const seeds = [...new Set(cells.flatMap(cell => cell?.seed ?? []))];
  return {
    $schema: schema,
    ...look,
    title: {
      text: `${dataset.title}, n = ${countText(dataset.n)}${seeds.length > 0 ? `, seed ${seeds.join(', ')}` : ''}`,
      anchor: 'start',
      fontSize: 11,
      color: '#666666',
    },
    spacing: 14,
    hconcat: cells.map((cell, i) =>
      cell && isEmbedded(cell)
        ? panel(last ? turned(cell, last) : cell, name, dataset, i)
        : emptyPanel(cell, i),
    ),
    resolve: { scale: { color: 'shared', x: 'independent', y: 'independent' } },
  };
}

function panel(cell: EmbeddedCell, name: string, dataset: DatasetResult, place: number) {
  return {
    title: { text: [panelName(place), scoreLine(cell)], anchor: 'middle' as const },
    width: pixels,
    height: pixels,
    layer: [
      scatterLayer(cell, dataset, { pixels, legend: legendOrder(name, dataset) }),
      letterLayer('abcd'[place]),
    ],
  };
}

function scoreLine({ knn }: CellResult): string {
  return `kNN acc. = ${scoreText('knn', knn === undefined ? null : 100 * knn) || '–'} %`;
}

function panelName(place: number): string {
  const { group, label } = rowName(panels[place]);
  return `${group}, ${label}`;
}

function emptyPanel(cell: CellResult | undefined, place: number) {
  return {
    title: { text: [panelName(place), cell?.status ?? 'not in this experiment'], anchor: 'middle' as const },
    width: pixels,
    height: pixels,
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rect' as const, fill: null, stroke: '#cccccc', strokeDash: [4, 4] },
        encoding: {
          x: { value: 0 },
          x2: { value: pixels },
          y: { value: 0 },
          y2: { value: pixels },
        },
      },
      letterLayer('abcd'[place]),
    ],
  };
}

/** The cell with its embedding turned; where images or places lack, as it is. */
function turned(cell: EmbeddedCell, fixed: EmbeddedCell): EmbeddedCell {
  const [n, d] = cell.embedding.shape;
  const finite = cell.embedding.data.every(Number.isFinite) && fixed.embedding.data.every(Number.isFinite);
  if (cell === fixed || fixed.embedding.shape[0] !== n || !finite) return cell;
  const axis = ({ embedding: { data } }: EmbeddedCell, which: number) =>
    data.filter((_, i) => i % 2 === which);
  const { x, y } = aligned({ x: axis(cell, 0), y: axis(cell, 1) }, { x: axis(fixed, 0), y: axis(fixed, 1) });
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) data.set([x[i], y[i]], 2 * i);
  return { ...cell, embedding: { data, shape: cell.embedding.shape } };
}
