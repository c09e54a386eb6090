// Which cells may be held against the printed numbers: those that are made exactly as the paper's, in whatever experiment.
import { cifar10Control } from './cifar10-control.ts';
import { type Cell, cellsOf } from './experiment.ts';
import { paper } from './paper.ts';

/** Every step of the paper's cells, by address. */
const paperSteps = new Map(
  [paper, cifar10Control].flatMap(cellsOf).map(({ address, steps }) => [address, JSON.stringify(steps)]),
);

/** Whether a cell has the steps and settings of the paper's cell of the same address. */
export function isAsInPaper({ address, steps }: Cell): boolean {
  return paperSteps.get(address) === JSON.stringify(steps);
}
