// data add: takes in images of one's own.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { type KeepRequest, keepOwnSet } from '../../../../activities/keep-own-set.ts';
import { type OwnSet, ownSetName } from '../../../../activities/own-sets.ts';
import { distinctColourCount } from '../../../../datasets/class-colours.ts';
import { contactSheet } from '../../../../datasets/own/contact-sheet.ts';
import { type Fit, fits } from '../../../../datasets/own/fit.ts';
import {
  fewestImages,
  InvalidOwnImages,
  type LeftOut,
  type OwnImages,
  whyUnscored,
} from '../../../../datasets/own/own-images.ts';
import { experiments } from '../../../../experiments/catalogue.ts';
import { home, storeFolder } from '../../../home.ts';
import { openHomeStore } from '../../../open-home-store.ts';
import { untilInterrupted } from '../../interrupt.ts';
import { oneOf } from '../../npy-files.ts';
import { printResult, say } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';
import type { DatasetLine } from './fetchables.ts';
import { fetchables } from './fetchables.ts';
import { datasetLinesText } from './list.ts';
import { openOwnImages, type SourceOptions, withSourceOptions } from './open-own-images.ts';
import { ownSetLine } from './own-set-line.ts';

interface AddOptions extends SourceOptions {
  title?: string;
  fit: string;
  replace?: boolean;
  dryRun?: boolean;
}

export function addDataAddCommand(data: Command): void {
  withSourceOptions(data.command('add <name>'))
    .description('take in images of your own; "simcne run quick --dataset <name>" then runs them')
    .option('--title <title>', 'what tables and figures call the set')
    .option('--replace', 'in place of other images of that name')
    .option('--dry-run', 'only show what would be taken, with a sheet of pictures')
    .action(async (name: string, options: AddOptions, command: Command) => {
      requireFreeName(name);
      const fit = oneOf('fit', options.fit, fits);
      const { source, images } = await openOwnImages(command, options);
      requireEnough(source, images);
      const unscored = whyUnscored(images);
      if (unscored) say(command, `there will be no scores: ${unscored}`);
      if (options.dryRun) return showSheet(command, name, images, fit);
      const store = await openHomeStore();
      const { set, reused } = await untilKept({
        name,
        title: options.title,
        images,
        fit,
        source: path.resolve(source),
        replace: options.replace ?? false,
        onProgress: progressLines(command, name, images.n),
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
      if (set.copies > 0) say(command, copiesText(set));
      say(command, reused ? `${name} was here already` : `${name} is here now`);
      const line = ownSetLine(set, storeFolder());
      const { leftOut } = images;
      printResult(command, { datasets: [{ ...line, leftOut, reused }] }, () => takenText(line, images));
    });
}

/** Copies of one image on both sides of the split make a score better than it is. */
function copiesText({ copies, testedCopies, group }: OwnSet): string {
  const found = `${copies} images are copies of others, to the level, turned or mirrored ones counted`;
  if (testedCopies === 0) return found;
  const way =
    group === undefined
      ? '--group or --group-pattern keeps them on one side'
      : `they are in other groups of "${group}"`;
  return `${found}; ${testedCopies} of those that the kNN score tests have a copy among those that it learns from, which makes the score too good: ${way}`;
}

/** What was taken, and what was not, in a line each. */
function takenText(line: DatasetLine, { n, leftOut }: Pick<OwnImages, 'n' | 'leftOut'>): string {
  return `${datasetLinesText([line])}\n\n${countsText(n, line.unlabelled ?? 0, leftOut)}`;
}

/** `57 images taken, 5 of them without a class; 3 left out: 3 cannot be decoded`. */
function countsText(n: number, unlabelled: number, leftOut: readonly LeftOut[]): string {
  const without = unlabelled > 0 ? `, ${unlabelled} of them without a class` : '';
  const rest = leftOut.map(({ reason, count }) => `${count} ${reason.split(':')[0]}`).join('; ');
  return `${n} images taken${without}${rest && `; left out: ${rest}`}`;
}

/** Shows what would be taken. */
async function showSheet(command: Command, name: string, images: OwnImages, fit: Fit): Promise<void> {
  const { png, heights, widths } = await contactSheet(images, fit);
  const sheet = path.join(home(), 'contact-sheets', `${name}.png`);
  await mkdir(path.dirname(sheet), { recursive: true });
  await writeFile(sheet, png);
  const { n, labels, columns, leftOut } = images;
  const count = (label: number) => labels.reduce((sum, one) => sum + Number(one === label), 0);
  const classes = images.classes.map((one, label) => ({ name: one, count: count(label) }));
  const line = {
    ...{ name, n, classes: images.classes, classCounts: classes, unlabelled: count(-1) },
    ...{ columns: columns.map(one => one.name), heights, widths, leftOut, contactSheet: sheet },
  };
  const range = ([least, most]: [number, number]) => (least === most ? String(least) : `${least} … ${most}`);
  printResult(command, { datasets: [line] }, () =>
    [
      `${countsText(n, line.unlabelled, leftOut)} (nothing is kept: --dry-run)`,
      `classes   ${classes.map(one => `${one.name} ${one.count}`).join(', ') || 'none'}`,
      `columns   ${line.columns.join(', ') || 'none'}`,
      `height    ${range(heights)}`,
      `width     ${range(widths)}`,
      `pictures  ${sheet}`,
    ].join('\n'),
  );
}

/** A map needs neighbours. */
function requireEnough(source: string, { n }: OwnImages): void {
  if (n >= fewestImages) return;
  throw new InvalidOwnImages(
    source,
    `${n} images; a map asks 15 neighbours of each: ${fewestImages} images are needed`,
  );
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
