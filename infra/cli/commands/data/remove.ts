// data remove: images of one's own go again.
import type { Command } from 'commander';
import { removeOwnSet } from '../../../../activities/keep-own-set.ts';
import { ownSetNamed } from '../../../../activities/own-sets.ts';
import { storeFolder } from '../../../home.ts';
import { openHomeStore } from '../../../open-home-store.ts';
import { printResult, say } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';
import { ownSetLine } from './own-set-line.ts';

export function addDataRemoveCommand(data: Command): void {
  data
    .command('remove <name>')
    .description('remove images of your own and their rows of every table; the store keeps what was trained')
    .action(async (name: string, _options: unknown, command: Command) => {
      const store = await openHomeStore();
      const set = ownSetNamed(storeFolder(), name);
      if (!set) {
        throw new UsageError(`no images of your own are kept as "${name}"; "simcne data list" shows what is`);
      }
      await removeOwnSet(storeFolder(), name);
      await store.withdraw(`own-images/${name}/`);
      await store.withdraw('cells/', `${name}~`);
      say(command, `${name} is removed`);
      const line = { ...ownSetLine(set, storeFolder()), state: 'removed', folder: null };
      printResult(command, { datasets: [line] }, () => name);
    });
}
