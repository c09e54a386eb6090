// The sums of distances that a silhouette is made of: every pair once, tile by tile, on all threads of a team.
import { PlaneTile, tileSize } from './plane-tile.ts';
import { sharedArray, type Team } from './thread-team.ts';

/** Shared by the threads; points stand class by class. */
export interface DistanceTask {
  /** `[d, n]`: coordinate by coordinate */
  readonly columns: readonly Float64Array[];
  /** `[classes + 1]`: where each class begins */
  readonly starts: Int32Array;
  /** `[classes, n]`: of the distances of each point to the points of each class */
  readonly sums: readonly Float64Array[];
  /** `[n]`: the share of a point's own class in its sums that is due to the points behind it */
  readonly behind: Float64Array;
  /** Of `PlaneTile`, where d = 2. */
  readonly planeKernel?: WebAssembly.Module;
}

export async function distanceTask(
  columns: readonly Float64Array[],
  starts: Int32Array,
): Promise<DistanceTask> {
  const n = columns[0].length;
  return {
    columns,
    starts,
    planeKernel: columns.length === 2 ? await PlaneTile.kernel() : undefined,
    sums: Array.from({ length: starts.length - 1 }, () => sharedArray(Float64Array, n)),
    behind: sharedArray(Float64Array, n),
  };
}

/**
 * Fills the sums. The tiles of two classes are done in rounds, along the diagonals of their grid: then no two tiles of a round
 * touch the same points of a class, and every sum is added up in the order of the points, whatever the number of threads.
 */
export function addAllDistances(task: DistanceTask, team: Team): void {
  const { starts, sums, behind } = task;
  const classes = starts.length - 1;
  const tiles = (one: number) => Math.ceil((starts[one + 1] - starts[one]) / tileSize);
  const mostTiles = Math.max(...Array.from({ length: classes }, (_, one) => tiles(one)));
  const space: Space = {
    row: new Float64Array(tileSize),
    planeTile: task.planeKernel && new PlaneTile(task.planeKernel),
  };
  for (let round = 0; round < 2 * mostTiles - 1; round++) {
    const work: [first: number, second: number, up: number, across: number][] = [];
    for (let first = 0; first < classes; first++) {
      for (let second = first; second < classes; second++) {
        for (let up = Math.max(0, round - tiles(second) + 1); up < tiles(first) && up <= round; up++) {
          if (first !== second || up <= round - up) work.push([first, second, up, round - up]);
        }
      }
    }
    team.share(work.length, item => addTile(task, ...work[item], space));
  }
  for (let one = 0; one < classes; one++) {
    team.shareRanges(starts[one + 1] - starts[one], tileSize, (from, to) => {
      for (let i = starts[one] + from; i < starts[one] + to; i++) sums[one][i] += behind[i];
    });
  }
}

/** A thread's own. */
interface Space {
  readonly row: Float64Array;
  readonly planeTile?: PlaneTile;
}

/** Adds the distances of tile `up` of class `first` to tile `across` of class `second`, to both sides' sums. */
function addTile(
  { columns, starts, sums, behind }: DistanceTask,
  first: number,
  second: number,
  up: number,
  across: number,
  space: Space,
): void {
  const from = starts[first] + up * tileSize;
  const to = Math.min(starts[first + 1], from + tileSize);
  const start = starts[second] + across * tileSize;
  const end = Math.min(starts[second + 1], start + tileSize);
  if (first !== second) {
    addRows(columns, from, to, start, end, sums[second], sums[first], space);
  } else if (up !== across) {
    addRows(columns, from, to, start, end, behind, sums[first], space);
  } else {
    for (let i = from; i < to; i++) addRows(columns, i, i + 1, i + 1, end, behind, sums[first], space);
  }
}

/**
 * Adds the distances of the points from … to − 1 to the points begin … end − 1: to `rowSums` of the former, to `columnSums` of
 * the latter, one by one in the order of the points.
 */
function addRows(
  columns: readonly Float64Array[],
  from: number,
  to: number,
  begin: number,
  end: number,
  rowSums: Float64Array,
  columnSums: Float64Array,
  { row, planeTile }: Space,
): void {
  let i = from;
  if (planeTile) i += planeTile.add(columns, from, to, begin, end, rowSums, columnSums);
  for (; i < to; i++) addRow(columns, i, begin, end, rowSums, columnSums, row);
}

function addRow(
  columns: readonly Float64Array[],
  i: number,
  begin: number,
  end: number,
  rowSums: Float64Array,
  columnSums: Float64Array,
  row: Float64Array,
): void {
  row.fill(0);
  for (const column of columns) {
    const value = column[i];
    for (let j = begin; j < end; j++) {
      const difference = value - column[j];
      row[j - begin] += difference * difference;
    }
  }
  for (let j = begin; j < end; j++) {
    const distance = Math.sqrt(row[j - begin]);
    rowSums[i] += distance;
    columnSums[j] += distance;
  }
}
