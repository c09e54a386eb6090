// What the person at the command line got wrong: one message, exit code 2, before any work.
export class UsageError extends Error {
  override name = 'UsageError';
}
