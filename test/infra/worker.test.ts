// A worker as a cluster runs it: it tells its health, its version, and goes when it has nothing to do.
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openTemporal, type Temporal } from '../../infra/temporal-server/embedded-server.ts';
import { workerDeployment } from '../../infra/workers/deployment.ts';
import { shutDownWhenIdle } from '../../infra/workers/until-idle.ts';
import { simcne, startSimcne, temporaryHome } from '../integration/command-line.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let server: Temporal;
beforeAll(async () => {
  place = await temporaryHome();
  vi.stubEnv('SIMCNE_HOME', place.home);
  vi.stubEnv('TEMPORAL_ADDRESS', undefined);
  server = await openTemporal();
});
afterAll(async () => {
  await server.close();
  vi.unstubAllEnvs();
  await place.remove();
});

const freeAddress = async () => `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;

/** What is answered there over HTTP; 0 where nobody listens. */
const statusOf = (address: string) =>
  fetch(`http://${address}`).then(
    ({ status }) => status,
    () => 0,
  );

test('a worker of a deployment: 200 while it takes tasks, known by its build, gone by itself after its idle time', async () => {
  const health = await freeAddress();
  const worker = startSimcne(
    place.home,
    ['worker', '--queue', 'cpu', '--health', health, '--until-idle', '0.05'],
    {
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_DEPLOYMENT_NAME: 'simcne',
      TEMPORAL_WORKER_BUILD_ID: 'a',
    },
  );
  await expect.poll(() => statusOf(health)).toBe(200);
  const connection = await Connection.connect(server.connectionOptions);
  const { namespace } = server;
  const builds = async () => {
    const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName: 'simcne',
    });
    return workerDeploymentInfo?.versionSummaries?.map(({ deploymentVersion }) => deploymentVersion?.buildId);
  };
  await expect.poll(() => builds().catch(() => [])).toEqual(['a']);
  await connection.close();
  expect(await worker.ended).toMatchObject({ code: 0 });
});

test.each([
  ['cpu', { 'simcne-cpu': '3', 'simcne-short': '3' }],
  ['train', { 'simcne-train': '3' }],
])('a worker of queue %s has the places for steps that it is told', async (queue, places) => {
  const [health, metrics] = [await freeAddress(), await freeAddress()];
  const told = ['--slots', '3', '--threads', '1', '--health', health, '--metrics', metrics];
  const worker = startSimcne(place.home, ['worker', '--queue', queue, ...told], {
    TEMPORAL_ADDRESS: server.address,
  });
  onTestFinished(() => void worker.process.kill('SIGKILL'));
  const found = async () => {
    const text = await fetch(`http://${metrics}/metrics`).then(response => response.text());
    const lines = text.matchAll(/^temporal_worker_task_slots_available\{(.*"ActivityWorker".*)\} (\d+)$/gm);
    return Object.fromEntries(
      [...lines].map(([, labels, free]) => [/task_queue="([^"]*)"/.exec(labels)?.[1], free]),
    );
  };
  await expect.poll(() => statusOf(health)).toBe(200);
  await expect.poll(found).toEqual(places);
  worker.process.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: 0 });
});

test('idle time counts from the end of the last step', async () => {
  let [steps, ended] = [1, false];
  const worker = {
    getState: () => 'RUNNING' as const,
    getStatus: () => ({ numInFlightActivities: steps }) as never,
    shutdown: () => {
      ended = true;
    },
  };
  const stopWatching = shutDownWhenIdle([worker], 500);
  await sleep(2_500);
  expect(ended).toBe(false);
  steps = 0;
  await expect.poll(() => ended).toBe(true);
  stopWatching();
});

test('without a deployment there are no versions; a build is named after the code where nobody names it', () => {
  expect(workerDeployment({})).toEqual({});
  const { version, useWorkerVersioning } = workerDeployment({ TEMPORAL_DEPLOYMENT_NAME: 'simcne' })
    .workerDeploymentOptions!;
  expect(useWorkerVersioning).toBe(true);
  expect(version.buildId).toMatch(/^\d+\.\d+\.\d+[\w.+-]*$/);
});

test('an address without a port is refused before any work', async () => {
  expect(await simcne(place.home, 'worker', '--queue', 'cpu', '--health', 'host')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--health: expected host:port/),
  });
});
