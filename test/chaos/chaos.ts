// Chaos: an experiment whose processes are killed (kill -9) at random, over and over, and started again as a person would.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../numeric/random.ts';
import { startSimcne } from '../integration/command-line.ts';
import { type Process, processesOf } from '../integration/processes.ts';

/** What is killed, by a word of its command line. */
const victims = {
  child: 'step-child.js',
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
  /** Seconds from one kill to the choice of the next, on average. */
  pauseSeconds: number;
  random: Random;
  /** Interrupts the run in order when it aborts: no more is killed, and the ledger is not `finished`. */
  signal?: AbortSignal;
  onKill?: (victim: Victim, line: string, ledger: ChaosLedger) => void;
}

export interface ChaosLedger {
  kills: Partial<Record<Victim, number>>;
  /** How often the command was started; ended by itself with an error that says what was lost; ended well, all its cells done. */
  starts: number;
  failures: number;
  rounds: number;
  finished: boolean;
}

export const emptyLedger: ChaosLedger = { kills: {}, starts: 0, failures: 0, rounds: 0, finished: false };

/** Of a victim that is there: how long it may live on, so that it is hit at any point of its work. */
const longestRespiteMs = 1_500;
const stillMs = 100;

/**
 * Runs the command, killing as planned, and starts it again whenever it ended; when it ends well before all kills are
 * done, everything is made from scratch. Ends when a run has ended well after the last kill. `before` is gone on from.
 * @throws where a run ends neither well nor because of what was killed
 */
export async function chaos(plan: ChaosPlan, before = emptyLedger): Promise<ChaosLedger> {
  const ledger = structuredClone(before);
  const wanted = nextKill(plan, ledger);
  while (!plan.signal?.aborted && (killsOf(ledger) < plan.kills || ledger.rounds === 0)) {
    const isFresh = ledger.rounds > before.rounds;
    const more = isFresh ? ['--from-scratch'] : []; // the same command goes on with what it had begun
    while ((await runOnce(plan, [...plan.words, '--json', ...more], ledger, wanted)) !== 0) {
      if (plan.signal?.aborted) return ledger;
    }
    ledger.rounds += 1;
  }
  return { ...ledger, finished: killsOf(ledger) >= plan.kills };
}

export function killsOf({ kills }: ChaosLedger): number {
  return Object.values(kills).reduce((sum, count) => sum + count, 0);
}

/** One run of the command, to its end however that comes; its exit code. What is `wanted` next is kept from one run to the next. */
async function runOnce(
  plan: ChaosPlan,
  words: string[],
  ledger: ChaosLedger,
  wanted: { victim: Victim; at: number },
): Promise<number | null> {
  const run = startSimcne(plan.home, words);
  let isOver = false;
  void run.ended.finally(() => {
    isOver = true;
  });
  ledger.starts += 1;
  while (!isOver && !plan.signal?.aborted && killsOf(ledger) < plan.kills) {
    await sleep(stillMs);
    if (Date.now() < wanted.at || processesOf(plan.home, victims[wanted.victim]).length === 0) continue;
    await sleep(plan.random.uniform(0, longestRespiteMs));
    const found = processesOf(plan.home, victims[wanted.victim]);
    if (found.length === 0 || isOver) continue;
    const one = found[Math.floor(plan.random.uniform(0, found.length))];
    kill(one);
    ledger.kills[wanted.victim] = (ledger.kills[wanted.victim] ?? 0) + 1;
    plan.onKill?.(wanted.victim, one.line, ledger);
    Object.assign(wanted, nextKill(plan, ledger));
  }
  const interrupt = () => run.process.kill('SIGINT');
  if (plan.signal?.aborted) interrupt();
  else plan.signal?.addEventListener('abort', interrupt, { once: true });
  const { code, stderr } = await run.ended;
  plan.signal?.removeEventListener('abort', interrupt);
  if (code === 1) ledger.failures += 1;
  requireCause(code, stderr, killsOf(ledger));
  return code;
}

/** Who is killed next, and when: the seed decides whom, however the runs go. */
function nextKill(
  { among, random, pauseSeconds }: ChaosPlan,
  ledger: ChaosLedger,
): { victim: Victim; at: number } {
  const draw = random.fork('kill', killsOf(ledger));
  const victim = among[Math.floor(draw.uniform(0, among.length))];
  return { victim, at: Date.now() + draw.uniform(0, 2 * pauseSeconds) * 1_000 };
}

function kill({ pid }: Process): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone by itself meanwhile
  }
}

/**
 * A command that was killed ends by a signal, one that was interrupted with 130, one whose server was killed while it
 * started it says so, and no other end is good but exit code 0.
 */
function requireCause(code: number | null, stderr: string, kills: number): void {
  const isTold = code === 1 && /Temporal/.test(stderr) && !/\n\s+at /.test(stderr);
  if (code !== 0 && code !== null && code !== 130 && !isTold) {
    throw new Error(`after ${kills} kills the command ended with ${code}:\n${stderr}`);
  }
}
