// How good trainings are by how many images they have seen: their snapshots' scores, beside what the paper prints for its own.
import type { TopLevelSpec } from 'vega-lite';

/** The scores of a network on its way; kNN as shares of the test part. */
export interface SnapshotScores {
  epoch: number;
  /** Images seen, each as two views. */
  samples: number;
  /** Of the map. */
  knn?: number;
  silhouette?: number;
  /** Of the backbone's features. */
  featuresKnn?: number;
}

/** A point of the figure: `row` names the line; those of the paper stand alone. */
export interface ScalingPoint {
  row: string;
  samples: number;
  source: 'here' | 'paper';
  /** In percent. */
  knn: number | null;
  silhouette: number | null;
}

const height = 220;

/** kNN accuracy and silhouette of the maps, one above the other, by images seen (logarithmic); hollow: the paper. */
export function scalingFigure(points: readonly ScalingPoint[], description: string): TopLevelSpec {
  const rows = [...new Set(points.map(({ row }) => row))];
  const panel = (field: 'knn' | 'silhouette', title: string, isLast: boolean) => ({
    width: 'container' as const,
    height,
    layer: [
      { transform: [{ filter: "datum.source == 'here'" }], mark: { type: 'line' as const, point: true } },
      {
        transform: [{ filter: "datum.source == 'paper'" }],
        mark: { type: 'point' as const, filled: false, size: 70 },
      },
    ],
    encoding: {
      x: {
        field: 'samples',
        type: 'quantitative' as const,
        title: isLast ? 'images seen' : null,
        scale: { type: 'log' as const, nice: false },
        axis: { grid: false, format: '~s', tickCount: 6 },
      },
      y: { field, type: 'quantitative' as const, title, scale: { zero: false, nice: true } },
      color: {
        field: 'row',
        type: 'nominal' as const,
        title: null,
        scale: { domain: rows },
        legend: { orient: 'bottom' as const, columns: 2 },
      },
      tooltip: [
        { field: 'row', type: 'nominal' as const },
        { field: 'samples', type: 'quantitative' as const, format: ',' },
        { field, type: 'quantitative' as const, format: '.3~g' },
      ],
    },
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    background: 'white',
    data: { values: [...points] },
    vconcat: [panel('knn', 'kNN accuracy of the map, %', false), panel('silhouette', 'silhouette', true)],
    config: { view: { stroke: null } },
  };
}
