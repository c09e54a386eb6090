// Sweeps that began under an earlier version go on under this one: the histories of its runs replay without a difference.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { workflowBundle } from '../../infra/workers/workflow-bundle.ts';

const folder = new URL('./histories/', import.meta.url);
const histories = readdirSync(folder).map(name => ({
  workflowId: name.replace('.gz', '').replaceAll('~', '/'),
  history: proto.temporal.api.history.v1.History.decode(gunzipSync(readFileSync(new URL(name, folder)))),
}));

it('every recorded history replays', async () => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const errors: Record<string, string | undefined> = {};
  const results = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId, error } of results) errors[workflowId] = error?.message;
  expect(Object.keys(errors)).toHaveLength(histories.length);
  expect(Object.values(errors).filter(Boolean)).toEqual([]);
});
