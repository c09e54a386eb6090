// Ctrl-C as an error that commands can clean up after: exit code 130.
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** Rejects with `Interrupted` at SIGINT or SIGTERM; a second one ends the process at once. Pending until `done` aborts. */
export function untilInterrupted(done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => {
      process.once('SIGINT', () => process.exit(130));
      reject(new Interrupted('interrupted'));
    };
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    done.addEventListener('abort', () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    });
  });
}
