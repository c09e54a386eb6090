// Process groups: a child that was started `detached` leads one, so that nothing that it started stays behind.
import type { ChildProcess } from 'node:child_process';

/** Sends a signal to the group that a child leads; nothing where it never began, or is gone. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // the group is gone already
  }
}
