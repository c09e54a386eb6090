// cancel: ends a run or one of its cells, as in the Temporal UI; a training writes a checkpoint first.
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Command } from 'commander';
import { findTemporal } from '../../temporal-server/find-temporal.ts';
import { openClient } from '../../temporal-server/open-client.ts';
import { printResult } from '../output.ts';
import { cellAt, cellsNamed } from '../select-cells.ts';
import { UsageError } from '../usage-error.ts';

export function addCancelCommand(program: Command): void {
  program
    .command('cancel <place>')
    .description(
      'end a run (<experiment>) or one of its cells (<experiment>/<address>); what was made is kept',
    )
    .action(async (place: string, _options: unknown, command: Command) => {
      if (place.includes('/')) cellAt(place);
      else cellsNamed(place);
      const workflowId = await cancelRun(place);
      const wayOn = place.includes('/') ? `simcne rerun ${place}` : `simcne run ${place}`;
      printResult(
        command,
        { workflowId, cancelled: true },
        () => `${workflowId} is cancelled; "${wayOn}" goes on from there`,
      );
    });
}

/** Cancels what runs at a place, and waits for its end. The id of its workflow. */
async function cancelRun(place: string): Promise<string> {
  const server = await findTemporal();
  if (!server) throw nothingRuns(place);
  const { client, close } = await openClient(server);
  try {
    for (const workflowId of [place, `${place}/rerun`]) {
      const handle = client.workflow.getHandle(workflowId);
      const isCancelled = await handle.cancel().then(
        () => true,
        error => {
          if (error instanceof WorkflowNotFoundError) return false; // or it has ended
          throw error;
        },
      );
      if (!isCancelled) continue;
      await handle.result().catch(() => {});
      return workflowId;
    }
    throw nothingRuns(place);
  } finally {
    await close();
    await server.close();
  }
}

function nothingRuns(place: string): UsageError {
  return new UsageError(`${place} does not run; "simcne status" lists what does`);
}
