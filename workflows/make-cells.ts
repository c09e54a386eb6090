// Cells as child workflows: each ends as an outcome, whatever becomes of its workflow.
import { TypedSearchAttributes } from '@temporalio/common';
import { executeChild, isCancellation, ParentClosePolicy, sleep } from '@temporalio/workflow';
import type { CellOutcome, CellRequest, StepOutcome } from '../activities/reference.ts';
import type { Cell } from '../experiments/experiment.ts';
import { cell as cellWorkflow } from './cell.ts';
import { cancelledOutcome, failedOutcome, failureType, lostOutcome } from './cell-outcome.ts';
import type { StepPlan } from './make-step.ts';
import { attributes } from './search-attributes.ts';
import { sharedSteps } from './shared-steps.ts';
import { isRunning, whenFree } from './when-free.ts';

/** A worker that is free takes what is there, however little it tells: so cells begin this much apart, by their turns. */
const turnMs = 1_000;

/** Makes cells beside each other (the queues bound what runs); what they have in common is made once. */
export async function makeCells(
  cells: readonly Cell[],
  plan: StepPlan,
  { onEnd = (_ended: number) => {}, shares = cells.length > 1 } = {},
): Promise<CellOutcome[]> {
  let ended = 0;
  const firstTurn = Math.min(...cells.map(({ turn = 0 }) => turn));
  const stepsFor = shares ? sharedSteps(cells, plan) : async () => [];
  return Promise.all(
    cells.map(async cell => {
      const delayMs = turnMs * ((cell.turn ?? firstTurn) - firstTurn);
      const outcome = await outcomeOf(cell, plan, stepsFor, delayMs);
      onEnd(++ended);
      return outcome;
    }),
  );
}

async function outcomeOf(
  cell: Cell,
  plan: StepPlan,
  stepsFor: (cell: Cell) => Promise<StepOutcome[]>,
  delayMs: number,
): Promise<CellOutcome> {
  try {
    const prepared = await stepsFor(cell).then(
      given => (given.length > 0 ? { given } : {}),
      error => withoutShared(cell, error),
    );
    if (delayMs > 0) await sleep(delayMs);
    const options = childOptions({ cell, ...plan, ...prepared });
    return await whenFree(isRunning, () => executeChild(cellWorkflow, options)); // then all is there
  } catch (error) {
    return isCancellation(error) ? cancelledOutcome(cell.address) : lostOutcome(cell.address, error);
  }
}

/** What was damaged after it was made the cell makes again itself; without other steps that failed it cannot be. */
function withoutShared({ address }: Cell, error: unknown): Pick<CellRequest, 'failed'> {
  if (isCancellation(error)) throw error;
  return failureType(error) === 'DamagedArtifact' ? {} : { failed: failedOutcome(address, [], error) };
}

function childOptions(request: CellRequest) {
  const { experiment, address, dataset, method, augmentation, seed } = request.cell;
  return {
    workflowId: `${experiment}/${address}`,
    args: [request] as [CellRequest],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: attributes.experiment, value: experiment },
      { key: attributes.dataset, value: dataset },
      { key: attributes.method, value: method },
      ...(augmentation ? [{ key: attributes.augmentation, value: augmentation }] : []),
      ...(seed === undefined ? [] : [{ key: attributes.seed, value: seed }]),
    ]),
    staticSummary: `${experiment}: ${address.replaceAll('/', ' · ')}`,
    staticDetails: `One cell of the results table of experiment **${experiment}**.`,
  };
}
