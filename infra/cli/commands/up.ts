// up, down: the embedded server and the workers of a home, without a run: started to stay, and ended.
import type { Command } from 'commander';
import { openTemporal } from '../../temporal-server/embedded-server.ts';
import { openOwnerLink } from '../../temporal-server/owner-link.ts';
import { temporalConfig } from '../../temporal-server/temporal-config.ts';
import { printResult } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export function addUpCommands(program: Command): void {
  program
    .command('up')
    .description('start the server and workers of this home, which stay until "simcne down"; runs use them')
    .action(async (_options: unknown, command: Command) => {
      requireEmbedded('up');
      const server = await openTemporal('workers');
      try {
        await Promise.race([server.stay(), server.workersLost]);
        const { address, uiUrl } = server;
        printResult(command, { address, temporalUi: uiUrl }, () =>
          [`Temporal server: ${address}`, `Temporal UI:     ${uiUrl}`, '"simcne down" ends both'].join('\n'),
        );
      } finally {
        await server.close();
      }
    });

  program
    .command('down')
    .description('end the server and workers of this home; what runs is kept, and goes on with the next run')
    .action(async (_options: unknown, command: Command) => {
      requireEmbedded('down');
      const owner = await openOwnerLink('server', { mayStart: false });
      owner?.ask({ end: true });
      await owner?.ended;
      printResult(command, { ended: owner !== undefined }, () =>
        owner ? 'server and workers have ended' : 'nothing runs',
      );
    });
}

function requireEmbedded(word: string): void {
  const { named } = temporalConfig();
  if (named) {
    throw new UsageError(
      `${word}: TEMPORAL_ADDRESS names the server ${named.address}, which is not started or ended from here; unset it for this home's own`,
    );
  }
}
