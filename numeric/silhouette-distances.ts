// The sums of distances that a silhouette is made of: every pair once, tile by tile, on all threads of a team.
import { PlaneTile, tileSize } from './plane-tile.ts';
import { sharedArray, type Team } from './thread-team.ts';

/** Shared by the threads; points stand class by class. */
export interface DistanceTask {
  /** `[d, n]`: coordinate by coordinate */
  readonly columns: readonly Float64Array[];
  /** `[classes + 1]`: where each class begins */
  readonly starts: Int32Array;
  /** `[classes, n]`: of the distances of each point to the points of each class; of its own, to those before it */
  readonly sums: readonly Float64Array[];
  /** `[n]`: of the distances of each point to the points of its class behind it */
  readonly behind: Float64Array;
  /** `[classes + 1, tiles]`: how many tiles were added to that part of `sums`, and last of `behind` */
  readonly added: Int32Array;
  /** Of `PlaneTile`, where d = 2. */
  readonly planeKernel?: WebAssembly.Module;
}

export async function distanceTask(
  columns: readonly Float64Array[],
  starts: Int32Array,
): Promise<DistanceTask> {
  const n = columns[0].length;
  const classes = starts.length - 1;
  return {
    columns,
    starts,
    planeKernel: columns.length === 2 ? await PlaneTile.kernel() : undefined,
    sums: Array.from({ length: classes }, () => sharedArray(Float64Array, n)),
    behind: sharedArray(Float64Array, n),
    added: sharedArray(Int32Array, (classes + 1) * firstTiles(starts)[classes]),
  };
}

/**
 * Fills the sums. Each thread takes the next tile that none has taken. A tile waits where the one before it in its row or column is
 * still under way: so every sum is added up in the order of the points, whatever the number of threads.
 */
export function addAllDistances(task: DistanceTask, team: Team): void {
  const space: Space = {
    row: new Float64Array(tileSize),
    planeTile: task.planeKernel && new PlaneTile(task.planeKernel),
    firstTiles: firstTiles(task.starts),
  };
  let [number, taken] = [0, team.take()];
  for (const tile of tilesInOrder(space.firstTiles)) {
    if (number++ < taken) continue;
    addTile(task, tile, space);
    taken = team.take();
  }
}

/** `[classes + 1]`: how many tiles the classes before have. */
function firstTiles(starts: Int32Array): Int32Array {
  const first = new Int32Array(starts.length);
  for (let one = 1; one < starts.length; one++) {
    first[one] = first[one - 1] + Math.ceil((starts[one] - starts[one - 1]) / tileSize);
  }
  return first;
}

/** A tile of the distances between class `first` and class `second`: `up` counts the former's tiles, `across` the latter's. */
type Tile = readonly [first: number, second: number, up: number, across: number];

/** Every pair of tiles once, along the diagonals of the classes' grids: then those that wait for each other are far apart. */
function* tilesInOrder(firstTiles: Int32Array): Generator<Tile> {
  const classes = firstTiles.length - 1;
  const tiles = (one: number) => firstTiles[one + 1] - firstTiles[one];
  const mostTiles = Math.max(...Array.from({ length: classes }, (_, one) => tiles(one)));
  for (let round = 0; round < 2 * mostTiles - 1; round++) {
    for (let first = 0; first < classes; first++) {
      for (let second = first; second < classes; second++) {
        for (let up = Math.max(0, round - tiles(second) + 1); up < tiles(first) && up <= round; up++) {
          if (first !== second || up <= round - up) yield [first, second, up, round - up];
        }
      }
    }
  }
}

/** A thread's own. */
interface Space {
  readonly row: Float64Array;
  readonly planeTile?: PlaneTile;
  readonly firstTiles: Int32Array;
}

/** Adds the distances of a tile's points to both sides' sums, when it is its turn. */
function addTile(task: DistanceTask, [first, second, up, across]: Tile, space: Space): void {
  const { columns, starts, sums, behind, added } = task;
  const { firstTiles } = space;
  const classes = starts.length - 1;
  const from = starts[first] + up * tileSize;
  const to = Math.min(starts[first + 1], from + tileSize);
  const start = starts[second] + across * tileSize;
  const end = Math.min(starts[second + 1], start + tileSize);
  const own = first === second;
  const rowsPart = (own ? classes : second) * firstTiles[classes] + firstTiles[first] + up;
  const columnsPart = first * firstTiles[classes] + firstTiles[second] + across;
  waitUntil(added, rowsPart, own ? across - up : across);
  waitUntil(added, columnsPart, up);
  if (!own) {
    addRows(columns, from, to, start, end, sums[second], sums[first], space);
  } else if (up !== across) {
    addRows(columns, from, to, start, end, behind, sums[first], space);
  } else {
    for (let i = from; i < to; i++) addRows(columns, i, i + 1, i + 1, end, behind, sums[first], space);
  }
  countUp(added, rowsPart);
  countUp(added, columnsPart);
}

function waitUntil(counts: Int32Array, place: number, count: number): void {
  for (;;) {
    const present = Atomics.load(counts, place);
    if (present === count) return;
    Atomics.wait(counts, place, present);
  }
}

function countUp(counts: Int32Array, place: number): void {
  Atomics.add(counts, place, 1);
  Atomics.notify(counts, place);
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
