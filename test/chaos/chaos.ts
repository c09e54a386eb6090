// Chaos: an experiment whose processes are killed (kill -9) and whose workflows are cancelled and terminated at random, over and over,
// and started again as a person would.
import { setTimeout as sleep } from 'node:timers/promises';
import { findTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';
import type { Random } from '../../numeric/random.ts';
import { startSimcne } from '../integration/command-line.ts';
import { processesOf } from '../integration/processes.ts';

/** Processes, by a word of their command lines. */
const processes = {
  child: 'step-child.js',
  worker: 'simcne.js worker',
  server: 'server start-dev',
  owner: 'owner.js',
  'command line': 'simcne.js run',
};
/** What is killed; or what becomes of one of the workflows that run. */
export type Victim = keyof typeof processes | 'cancel' | 'terminate';

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
    if (Date.now() < wanted.at) continue;
    const hit = await strike(plan, wanted.victim, () => isOver);
    if (hit === undefined) continue;
    ledger.kills[wanted.victim] = (ledger.kills[wanted.victim] ?? 0) + 1;
    plan.onKill?.(wanted.victim, hit, ledger);
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

/** Does it to one that is there; says to which, if there was one. */
async function strike(
  { home, random }: ChaosPlan,
  victim: Victim,
  isOver: () => boolean,
): Promise<string | undefined> {
  if (victim === 'cancel' || victim === 'terminate') return endWorkflow(home, victim, random);
  const found = () => processesOf(home, processes[victim]);
  if (found().length === 0) return undefined;
  await sleep(random.uniform(0, longestRespiteMs));
  const one = pick(found(), random);
  if (!one || isOver()) return undefined;
  try {
    process.kill(one.pid, 'SIGKILL');
    return one.line;
  } catch {
    return undefined; // gone by itself meanwhile
  }
}

function pick<T>(some: readonly T[], random: Random): T | undefined {
  return some[Math.floor(random.uniform(0, some.length))];
}

/** As in the Temporal UI. */
async function endWorkflow(
  home: string,
  how: 'cancel' | 'terminate',
  random: Random,
): Promise<string | undefined> {
  process.env.SIMCNE_HOME = home;
  const temporal = await findTemporal().catch(() => undefined); // it may be about to end
  if (!temporal) return undefined;
  try {
    const { client, close } = await openClient(temporal);
    try {
      const running: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
        running.push(workflowId);
      }
      const one = pick(running, random);
      if (one) await client.workflow.getHandle(one)[how]();
      return one;
    } finally {
      await close();
    }
  } catch {
    return undefined; // the server, or the workflow, has gone meanwhile
  } finally {
    await temporal.close();
  }
}

/**
 * A command that was killed ends by a signal, one that was interrupted with 130, one whose server was killed while it started it, or
 * whose workflows were ended, says so, and no other end is good but exit code 0.
 */
function requireCause(code: number | null, stderr: string, kills: number): void {
  const isTold = code === 1 && /Temporal|cancelled|terminated/.test(stderr) && !/\n\s+at /.test(stderr);
  if (code !== 0 && code !== null && code !== 130 && !isTold) {
    throw new Error(`after ${kills} kills the command ended with ${code}:\n${stderr}`);
  }
}
