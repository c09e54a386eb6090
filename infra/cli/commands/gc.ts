// gc: removes what no kept result reaches.
import type { Command } from 'commander';
import { findGarbage, removeGarbage } from '../../../artifacts/garbage.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { printResult } from '../output.ts';

export function addGcCommand(program: Command): void {
  program
    .command('gc')
    .description('remove artifacts that no kept run reaches, and what dead processes left')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .action(async ({ dryRun = false }: { dryRun?: boolean }, command: Command) => {
      const store = await openHomeStore();
      const found = await findGarbage(store);
      const pieces = dryRun ? found : await removeGarbage(store, found);
      const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
      printResult(command, { removed: pieces.length, bytes, dryRun, pieces }, () =>
        [
          ...pieces.map(({ kind, path, bytes: size }) => `${kind}  ${(size / 1e6).toFixed(1)} MB  ${path}`),
          ...(store.sharedAt ? [`copies of this host only: ${store.sharedAt} keeps all that was made`] : []),
          `${pieces.length} pieces, ${(bytes / 1e6).toFixed(1)} MB ${dryRun ? 'would be removed' : 'removed'}`,
        ].join('\n'),
      );
    });
}
