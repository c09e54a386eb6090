// The sums of distances that a silhouette is made of: every pair once, strip by strip, on all threads of a team.

import { sharedArray, type Team } from '../threads/thread-team.ts';
import { PlaneTile, tileSize } from './plane-tile.ts';

/** Shared by the threads; points stand class by class. */
export interface DistanceTask {
  /** `[d, n]`: coordinate by coordinate */
  readonly columns: readonly Float64Array[];
  /** `[classes + 1]`: where each class begins */
  readonly starts: Int32Array;
  /** `[strips, classes, n]`: what each strip adds to the sum of the distances of each point to the points of each class */
  readonly sums: readonly (readonly Float64Array[])[];
  /** Of `PlaneTile`, where d = 2. */
  readonly planeKernel?: WebAssembly.Module;
}

/** Numbers in all sums together, 128 MB: many classes have fewer strips, and so use fewer threads. */
const mostSums = 2 ** 24;
const mostStrips = 16;

export async function distanceTask(
  columns: readonly Float64Array[],
  starts: Int32Array,
): Promise<DistanceTask> {
  const n = columns[0].length;
  const classes = starts.length - 1;
  const strips = Math.max(1, Math.min(mostStrips, Math.floor(mostSums / (n * classes))));
  const ofStrip = () => Array.from({ length: classes }, () => sharedArray(Float64Array, n));
  return {
    columns,
    starts,
    sums: Array.from({ length: strips }, ofStrip),
    planeKernel: columns.length === 2 ? await PlaneTile.kernel() : undefined,
  };
}

/**
 * Fills the sums. A strip is every so-manieth row of tiles, done by one thread from left to right: so each sum is added up in the same
 * order, whatever the number of threads.
 */
export function addAllDistances(task: DistanceTask, team: Team): void {
  const rows = tilesOf(task.starts);
  const strips = task.sums.length;
  const planeTile = task.planeKernel && new PlaneTile(task.planeKernel);
  team.share(strips, strip => {
    for (let up = strip; up < rows.length; up += strips) {
      for (let across = up; across < rows.length; across++) {
        addTile(task, strip, rows[up], rows[across], planeTile);
      }
    }
  });
}

/** Points from … to − 1 of one class. */
interface Side {
  readonly one: number;
  readonly from: number;
  readonly to: number;
}

function tilesOf(starts: Int32Array): Side[] {
  const sides: Side[] = [];
  for (let one = 0; one + 1 < starts.length; one++) {
    for (let from = starts[one]; from < starts[one + 1]; from += tileSize) {
      sides.push({ one, from, to: Math.min(starts[one + 1], from + tileSize) });
    }
  }
  return sides;
}

/** Adds the distances of the points of two sides to the sums of both; of one side every pair once. */
function addTile(
  { columns, sums }: DistanceTask,
  strip: number,
  rows: Side,
  others: Side,
  planeTile: PlaneTile | undefined,
): void {
  const [rowSums, columnSums] = [sums[strip][others.one], sums[strip][rows.one]];
  const isOneSide = rows === others;
  let i = rows.from;
  if (planeTile && !isOneSide) {
    i += planeTile.add(columns, rows.from, rows.to, others.from, others.to, rowSums, columnSums);
  }
  for (; i < rows.to; i++) {
    addRow(columns, i, isOneSide ? i + 1 : others.from, others.to, rowSums, columnSums);
  }
}

/** Adds the distances of point i, in any number of dimensions, to the points begin … end − 1. */
function addRow(
  columns: readonly Float64Array[],
  i: number,
  begin: number,
  end: number,
  rowSums: Float64Array,
  columnSums: Float64Array,
): void {
  const squares = new Float64Array(end - begin);
  for (const column of columns) {
    for (let j = begin; j < end; j++) squares[j - begin] += (column[i] - column[j]) ** 2;
  }
  for (let j = begin; j < end; j++) {
    const distance = Math.sqrt(squares[j - begin]);
    rowSums[i] += distance;
    columnSums[j] += distance;
  }
}
