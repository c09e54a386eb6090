// data add: takes in images of one's own.
import path from 'node:path';
import type { Command } from 'commander';
import { type KeepRequest, keepOwnSet } from '../../../../activities/keep-own-set.ts';
import { ownSetName } from '../../../../activities/own-sets.ts';
import { distinctColourCount } from '../../../../datasets/class-colours.ts';
import { fits } from '../../../../datasets/own/fit.ts';
import { requireScorable } from '../../../../datasets/own/own-images.ts';
import { experiments } from '../../../../experiments/catalogue.ts';
import { storeFolder } from '../../../home.ts';
import { openHomeStore } from '../../../open-home-store.ts';
import { untilInterrupted } from '../../interrupt.ts';
import { oneOf } from '../../npy-files.ts';
import { printResult, say } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';
import { fetchables } from './fetchables.ts';
import { datasetLinesText } from './list.ts';
import { openOwnImages, type SourceOptions, withSourceOptions } from './open-own-images.ts';
import { ownSetLine } from './own-set-line.ts';

interface AddOptions extends SourceOptions {
  title?: string;
  fit: string;
  replace?: boolean;
}

export function addDataAddCommand(data: Command): void {
  withSourceOptions(data.command('add <name>'))
    .description('take in images of your own; "simcne run quick --dataset <name>" then runs them')
    .option('--title <title>', 'what tables and figures call the set')
    .option('--replace', 'in place of other images of that name')
    .action(async (name: string, options: AddOptions, command: Command) => {
      requireFreeName(name);
      const fit = oneOf('fit', options.fit, fits);
      const { source, images } = await openOwnImages(command, options);
      requireScorable(source, images);
      const store = await openHomeStore();
      const { set, reused } = await untilKept({
        name,
        title: options.title,
        images,
        fit,
        source: path.resolve(source),
        replace: options.replace ?? false,
        onProgress: progressLines(command, name, images.labels.length),
      });
      const place = `own-images/${name}/`;
      if (!reused) await store.withdraw(place);
      await store.push(place);
      const count = set.classes.length;
      if (count > distinctColourCount) {
        say(
          command,
          `${count} classes: figures have ${distinctColourCount} colours for them, which come round again`,
        );
      }
      say(command, reused ? `${name} was here already` : `${name} is here now`);
      const line = ownSetLine(set, storeFolder());
      printResult(command, { datasets: [{ ...line, reused }] }, () => datasetLinesText([line]));
    });
}

/** A name that stands for nothing else, now or once a data set of the experiments can be read. */
function requireFreeName(name: string): void {
  if (!ownSetName.test(name)) {
    throw new UsageError(
      `"${name}" cannot be a name: small letters, digits and hyphens are, the first a letter, 40 at most`,
    );
  }
  const known = [
    ...fetchables().map(one => one.name),
    ...Object.values(experiments).flatMap(({ datasets }) => datasets.map(({ dataset }) => dataset)),
  ];
  if (known.includes(name)) {
    throw new UsageError(`"${name}" is the name of a published data set; take another, e.g. "my-${name}"`);
  }
}

/** Ctrl-C leaves nothing half kept behind. */
async function untilKept(request: KeepRequest): ReturnType<typeof keepOwnSet> {
  const [stop, done] = [new AbortController(), new AbortController()];
  const keeping = keepOwnSet(storeFolder(), { ...request, signal: stop.signal });
  try {
    return await Promise.race([keeping, untilInterrupted(done.signal)]);
  } catch (error) {
    stop.abort(error);
    await keeping.catch(() => {});
    throw error;
  } finally {
    done.abort();
  }
}

const lineMs = 5_000;

/** A line of progress now and then. */
function progressLines(command: Command, name: string, total: number): (done: number) => void {
  let last = Date.now();
  return done => {
    if (Date.now() - last < lineMs) return;
    last = Date.now();
    say(command, `${name}: ${done} of ${total} images`);
  };
}
