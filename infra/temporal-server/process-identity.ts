// Which process a number means: a process id is given again, its id together with its start time is not.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  pid: number;
  start: string;
}

/** What tells a process from all others; one that runs no more is alive to nobody. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, start: processStart(pid) ?? 'ended' };
}

export function isAlive({ pid, start }: ProcessIdentity): boolean {
  return isSameProcess(pid, start);
}

/** When the process started, in the system's own unit; undefined where none of that id runs (a zombie does not). */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? startInProc(pid) : startFromPs(pid);
}

/** Whether the process of that id is alive and the very one that started then. */
export function isSameProcess(pid: number, start: string): boolean {
  return processStart(pid) === start;
}

/** Fields 3 (state) and 22 (start time) of /proc/<pid>/stat; field 2, the name in brackets, may hold spaces. */
function startInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') ? undefined : String(Date.parse(started.join(' ')));
  } catch {
    return undefined;
  }
}
