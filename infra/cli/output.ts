// What commands print: results on stdout (text, or one JSON document), everything else on stderr.
import type { Command } from 'commander';
import { durationText } from '../../reports/table/score-text.ts';

export { alignColumns } from '../../reports/table/columns.ts';

export interface GlobalOptions {
  json: boolean;
  quiet: boolean;
  debug: boolean;
}

/** The options that every command has, wherever on the line they stand. */
export function globalOptions(command: Command): GlobalOptions {
  const { json = false, quiet = false, debug = false } = command.optsWithGlobals();
  return { json, quiet, debug };
}

/** Prints a result: the document as JSON under `--json`, its text otherwise. */
export function printResult(command: Command, document: unknown, text: () => string): void {
  const { json } = globalOptions(command);
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : `${text().trimEnd()}\n`);
}

/** Says something on the way, on stderr; silent under `--quiet`. */
export function say(command: Command, line: string): void {
  if (!globalOptions(command).quiet) process.stderr.write(`${line}\n`);
}

const streams = () => [process.stdout, process.stderr];

/** A reader that has read enough (`| head`) is no error, and ends no work: what is printed afterwards is for nobody. */
export function bearGoneReaders(): void {
  for (const stream of streams()) stream.on('error', () => {}); // other errors are told by `untilTaken`
}

/**
 * Waits until all that was printed has been taken, however slow the reader of a pipe is: what it has not taken is lost with the
 * process. Ctrl-C ends the waiting, and the process.
 * @throws the error of a stream that cannot be written, but for that of a reader that has gone
 */
export async function untilTaken(): Promise<void> {
  const interrupt = () => process.exit(130);
  process.once('SIGINT', interrupt);
  await Promise.all(streams().map(taken)).finally(() => process.off('SIGINT', interrupt));
}

function taken(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: NodeJS.ErrnoException | null | undefined) =>
      error && error.code !== 'EPIPE' ? reject(error) : resolve();
    if (stream.errored) end(stream.errored);
    else stream.write('', end); // called after those before it
  });
}

/** `4 s`, `2 min 05 s`, `3 h 07 min`. */
export function duration(seconds: number): string {
  return durationText(Math.round(seconds));
}
