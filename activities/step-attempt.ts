// One attempt at a step as others see it: heartbeats for the server, a record for the ledger of time, a log, metrics.
import { hostname } from 'node:os';
import path from 'node:path';
import { activityInfo, heartbeat, metricMeter } from '@temporalio/activity';
import {
  type AttemptRecord,
  beginAttempt,
  cellOf,
  experimentOf,
  type OpenAttempt,
} from '../artifacts/attempt-record.ts';
import type { Store } from '../artifacts/store.ts';
import type { StepName } from '../experiments/steps.ts';
import { type AttemptLog, openAttemptLog } from './attempt-log.ts';
import type { LastWords, StepBeat } from './reference.ts';
import type { ChildListener } from './run-child.ts';
import { openStepMetrics } from './step-metrics.ts';
import type { StepProgress } from './step-work.ts';

export interface StepAttempt extends Required<ChildListener> {
  /** The work begins: from here on its time is counted. */
  begin(): Promise<AttemptLog>;
  /** The artifact was there: there is nothing to do. */
  hit(): void;
  end(outcome: AttemptRecord['outcome'], error?: string): Promise<void>;
  lastWords(): LastWords;
  close(): Promise<void>;
}

const heartbeatMs = 2_000;
const shareMs = 10_000; // how old other hosts' knowledge of an attempt may be

/** Opens the current activity's attempt at a step; `logs` is a folder. */
export function openStepAttempt(
  { store, logs }: { store: Store; logs: string },
  step: StepName,
  key: string,
): StepAttempt {
  const { attempt, workflowExecution } = activityInfo();
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const experiment = experimentOf({ workflowId });
  const cell = cellOf({ workflowId });
  const file = path.join(logs, 'steps', `${step}-${key.slice(0, 12)}-attempt-${attempt}.log`);
  const metrics = openStepMetrics(metricMeter.withTags({ step, experiment, cell }));
  let progress: StepProgress = { text: 'waiting for another that makes it' };
  let record: OpenAttempt | undefined;
  let log: AttemptLog | undefined;
  const beat = setInterval(() => {
    heartbeat({ ...progress, key, log: file } satisfies StepBeat);
    record?.beat();
  }, heartbeatMs);
  const share = () => record && store.push(record.place).catch(() => {}); // the step itself says what is wrong
  const sharing = setInterval(share, shareMs);
  return {
    async begin() {
      progress = { text: 'starting' };
      const machine = hostname();
      record = await beginAttempt(store.folder, {
        key,
        step,
        workflowId,
        runId,
        attempt,
        machine,
        log: file,
      });
      log = openAttemptLog(file, { experiment, cell, run: runId, step, attempt, host: machine });
      log.write('info', 'begins', { artifact: key });
      return log;
    },
    onProgress(latest) {
      progress = latest;
      metrics.progress(latest);
    },
    onCheckpoint(event) {
      if ('wrote' in event) record?.wrote(event.wrote);
      else record?.wentOnFrom(event.wentOnFrom);
      metrics.checkpoint(event);
    },
    hit: () => metrics.ended('hit'),
    async end(outcome, error) {
      metrics.ended(outcome);
      log?.write('info', `ends: ${outcome}`);
      await record?.end(outcome, error);
    },
    lastWords: () => ({ log: file, lines: log?.lastLines() ?? [] }),
    async close() {
      clearInterval(beat);
      clearInterval(sharing);
      log?.close();
      await share();
    },
  };
}
