// Serves the reports and the Temporal UI on loopback until Ctrl-C.
import type { Command } from 'commander';
import { Interrupted, untilInterrupted } from './interrupt.ts';
import { globalOptions, say } from './output.ts';

/** Serves `.simcne/reports/`, beside `work` if there is any; `experiment` only decides which address is printed. */
export async function serveUntilInterrupted(
  command: Command,
  experiment = 'quick',
  work: () => Promise<void> = async () => {},
): Promise<void> {
  const { openServing } = await import('../serving/serve.ts'); // `run` imports this file, and does without
  let told = '';
  const serving = await openServing(error => {
    const { message, stack } = error as Error;
    if (message !== told) say(command, `serve: ${globalOptions(command).debug ? stack : message}`);
    told = message; // it is tried again every second
  });
  const done = new AbortController();
  try {
    say(command, `report:      ${serving.url}/${experiment}/`);
    if (serving.uiUrl) say(command, `Temporal UI: ${serving.uiUrl}`);
    await work();
    say(command, 'Ctrl-C ends both');
    await untilInterrupted(done.signal).catch(error => {
      if (!(error instanceof Interrupted)) throw error;
    });
  } finally {
    done.abort();
    await serving.close();
  }
}
