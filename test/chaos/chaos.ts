// Chaos: an experiment whose processes are killed (kill -9) at random, over and over, and started again as a person would.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../numeric/random.ts';
import { type Ended, startSimcne } from '../integration/command-line.ts';
import { processesOf } from '../integration/processes.ts';

/** What is killed, by a word of its command line; those that come twice are chosen twice as often. */
const victims = {
  child: 'step-child.ts',
  worker: 'simcne.js worker',
  server: 'server start-dev',
  supervisor: 'supervisor.ts',
  'command line': 'simcne.js run',
};
export type Victim = keyof typeof victims;

export interface ChaosPlan {
  home: string;
  /** Words of the command that is run until it ends well. */
  words: string[];
  /** Whom to kill, drawn from this list: what stands there more often is killed more often. */
  among: readonly Victim[];
  kills: number;
  random: Random;
  onKill?: (victim: Victim, count: number) => void;
}

export interface ChaosLedger {
  kills: Partial<Record<Victim, number>>;
  /** How often the command was started, and how often it ended well: with all its cells done. */
  starts: number;
  rounds: number;
}

const longestPauseMs = 2_500;

/**
 * Runs the command, killing as planned, and starts it again whenever it ended; when it ends well before all kills are
 * done, everything is made from scratch. Ends when a run has ended well after the last kill.
 * @throws where a run ends neither well nor because of what was killed
 */
export async function chaos({ home, words, among, kills, random, onKill }: ChaosPlan): Promise<ChaosLedger> {
  const ledger: ChaosLedger = { kills: {}, starts: 0, rounds: 0 };
  let done = 0;
  while (done < kills || ledger.rounds === 0) {
    let ended: Ended | undefined;
    let fresh = ledger.rounds > 0;
    do {
      const run = startSimcne(home, [...words, '--json', ...(fresh ? ['--from-scratch'] : [])]);
      fresh = false;
      ledger.starts += 1;
      ended = undefined;
      void run.ended.then(how => {
        ended = how;
      });
      while (!ended) {
        await sleep(100 + random.uniform() * longestPauseMs);
        const victim = among[Math.floor(random.uniform() * among.length)];
        const found = done < kills && !ended ? processesOf(home, victims[victim]) : [];
        if (found.length === 0) continue;
        kill(found[Math.floor(random.uniform() * found.length)].pid);
        done += 1;
        ledger.kills[victim] = (ledger.kills[victim] ?? 0) + 1;
        onKill?.(victim, done);
      }
      requireCause(ended, done);
    } while ((ended as Ended).code !== 0);
    ledger.rounds += 1;
  }
  return ledger;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone by itself meanwhile
  }
}

/** A command that was killed ends by a signal, one that lost its server says so, and no other end is good but exit code 0. */
function requireCause({ code, stderr }: Ended, kills: number): void {
  const isExpected =
    code === 0 || code === null || (code === 1 && /Temporal/.test(stderr) && !/\n\s+at /.test(stderr));
  if (!isExpected) throw new Error(`after ${kills} kills the command ended with ${code}:\n${stderr}`);
}
