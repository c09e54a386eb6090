// A sweep of many tiny cells on the embedded server, by hand: how long, and how far below Temporal's limits (2 MB a payload, 50 MB and
// 51,200 events a history, 10 s a workflow task).
//   npx tsx test/workflows/many-cells.ts 10000
import type { temporal } from '@temporalio/proto';
import { openTinyWorkplace, tinyCells } from './tiny-cells.ts';

const count = Number(process.argv[2] ?? 1_000);
const place = await openTinyWorkplace();
const cells = tinyCells(Array.from({ length: count }, (_, i) => i + 1));
const began = performance.now();
const { handle, outcomes } = await place.start(cells);
const watch = setInterval(async () => {
  const { count: closed } = await place.client.workflow.count(
    'WorkflowType = "cell" AND ExecutionStatus = "Completed"',
  );
  console.error(`${closed} of ${count} cells after ${((performance.now() - began) / 1000).toFixed(0)} s`);
}, 30_000);
const ended = await outcomes();
clearInterval(watch);
const seconds = (performance.now() - began) / 1000;

const largest = { history: 0, events: 0, payload: 0 };
const grow = (name: keyof typeof largest, value: number) => {
  largest[name] = Math.max(largest[name], value);
};
const pages = Array.from({ length: Math.ceil(count / 100) }, (_, page) => `smoke/page-${page + 1}`);
const someCells = cells.filter((_, i) => i % 100 === 0).map(({ address }) => `smoke/${address}`);
const tasks: WorkflowTask[] = [];
for (const workflowId of ['smoke', ...(count > 100 ? pages : []), ...someCells]) {
  const one = place.client.workflow.getHandle(workflowId);
  const { raw } = await one.describe();
  const history = await one.fetchHistory();
  grow('history', Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0));
  grow('events', history.events?.length ?? 0);
  measurePayloads(history, bytes => grow('payload', bytes));
  tasks.push(...tasksOf(workflowId, history));
}
tasks.sort((one, other) => other.ms - one.ms);
console.log({
  cells: count,
  done: ended.filter(({ status }) => status === 'done').length,
  result: await handle.result().then(({ table: _, ...result }: { table: string }) => JSON.stringify(result)),
  seconds: Math.round(seconds),
  msPerCell: Math.round((1000 * seconds) / count),
  peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
  largest,
  longestTasks: tasks.slice(0, 8),
  medianTaskMs: tasks[tasks.length >> 1].ms,
});
await place.close();
process.exit();

function measurePayloads(value: unknown, tell: (bytes: number) => void): void {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'data' && member instanceof Uint8Array) tell(member.length);
    else measurePayloads(member, tell);
  }
}

interface WorkflowTask {
  workflowId: string;
  /** From its start to its end. */
  ms: number;
  /** What it answered. */
  commands: number;
}

function tasksOf(workflowId: string, { events }: temporal.api.history.v1.IHistory): WorkflowTask[] {
  const found: WorkflowTask[] = [];
  let startedAt = 0;
  for (const { eventTime, workflowTaskStartedEventAttributes: begun, ...event } of events ?? []) {
    const at = Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    if (begun) startedAt = at;
    if (event.workflowTaskCompletedEventAttributes)
      found.push({ workflowId, ms: Math.round(at - startedAt), commands: 0 });
    else if (startedAt > 0 && 'workflowTaskCompletedEventId' in (attributesOf(event) ?? {}))
      found.at(-1)!.commands += 1;
  }
  return found;
}

/** An event has one member of attributes, of its kind. */
function attributesOf(event: object): object | undefined {
  return Object.entries(event).find(([name, value]) => name.endsWith('EventAttributes') && value)?.[1];
}
