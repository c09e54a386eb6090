// The files of infra/cluster say what the code says. (npm run check:cluster puts them before their own validators.)
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeProgram } from '../../infra/cli/program.ts';
import { home, packageRoot } from '../../infra/home.ts';
import { cpuQueue, shortQueue, trainQueue } from '../../workflows/queues.ts';

const folder = path.join(packageRoot, 'infra', 'cluster');
const read = (name: string) => readFile(path.join(folder, name), 'utf8');
const kubernetes = async (name: string) => parse(await read(path.join('kubernetes', name)));

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
}

/** All services of the compose files, as `file/service`. */
async function services(): Promise<[string, Service][]> {
  const found = await Promise.all(
    ['compose.yaml', 'compose.gpu.yaml', 'compose.worker.yaml'].map(async file => {
      const content = parse(await read(file), { merge: true }) as { services: Record<string, Service> };
      return Object.entries(content.services).map(
        ([name, service]) => [`${file}/${name}`, service] as [string, Service],
      );
    }),
  );
  return found.flat();
}

/** Words of a command line that our command line does not know. */
async function unknownWords([name, ...words]: string[]): Promise<string[]> {
  const command = (await makeProgram()).commands.find(one => one.name() === name)!;
  const { operands, unknown } = command.parseOptions(words);
  return [...operands, ...unknown];
}

describe('the cluster files', () => {
  it('start workers by words that the command line knows', async () => {
    const deployments = await Promise.all(
      ['base/worker-cpu.yaml', 'base/worker-train.yaml'].map(
        async file => (await kubernetes(file)).spec.template,
      ),
    );
    const { template } = (await kubernetes('overlays/gpu/scale-train.yaml')).spec.jobTargetRef;
    const containers = [...deployments, template].map(({ spec }) => spec.containers[0].args as string[]);
    const ours = (await services()).flatMap(([, { image, command }]) =>
      image.startsWith('simcne:') && command ? [command] : [],
    );
    expect(ours.length).toBeGreaterThanOrEqual(4);
    const unknown = await Promise.all([...containers, ...ours].map(unknownWords));
    expect(unknown.flat()).toEqual([]);
  });

  it('scale by the queues that the workflows use', async () => {
    const [cpu, train] = await Promise.all([
      kubernetes('overlays/gpu/scale-cpu.yaml'),
      kubernetes('overlays/gpu/scale-train.yaml'),
    ]);
    const queues = ({ spec }: { spec: { triggers: { metadata: { taskQueue: string } }[] } }) =>
      spec.triggers.map(({ metadata }) => metadata.taskQueue);
    expect([queues(cpu), queues(train)]).toEqual([[cpuQueue, shortQueue], [trainQueue]]);
  });

  it('name every image by its version, and hold no secret', async () => {
    for (const [name, { image, environment = {} }] of await services()) {
      expect(image, name).toMatch(/:[^:]*\d+\.\d+[^:]*$/);
      const secrets = Object.entries(environment).filter(([key]) => /(PASSWORD|PWD|SECRET\w*)$/.test(key));
      for (const [key, value] of secrets) expect(value, `${name} ${key}`).toMatch(/^\$\{\w+:\?[^}]+\}$/);
    }
    expect(await read('example.env')).toMatch(/^POSTGRES_PASSWORD=\nS3_SECRET_KEY=$/m);
  });

  it('give each task queue one partition, as the embedded server does', async () => {
    const settings = parse(await read('temporal/dynamic-config.yaml'));
    const embedded = await readFile(
      path.join(packageRoot, 'infra/temporal-server/server-process.ts'),
      'utf8',
    );
    for (const name of ['matching.numTaskqueueReadPartitions', 'matching.numTaskqueueWritePartitions']) {
      expect(settings[name]).toEqual([{ value: 1 }]);
      expect(embedded).toContain(name);
    }
  });

  it('copy into the image what set-up needs, before the rest', async () => {
    const text = await read('Dockerfile');
    const [, before, flags] = text.match(/WORKDIR \/simcne\n([\s\S]*?)RUN npm run setup -- (.+)/)!;
    const copied = [...before.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, names]) => names.split(' '));
    const place = await mkdtemp(path.join(tmpdir(), 'simcne-image-'));
    try {
      for (const name of copied) {
        await cp(path.join(packageRoot, name), path.join(place, name), { recursive: true });
      }
      await symlink(path.join(packageRoot, 'node_modules'), path.join(place, 'node_modules'));
      const asSetUp = { cwd: place, env: { ...process.env, SIMCNE_HOME: home() } };
      await promisify(execFile)(process.execPath, ['infra/setup/setup.js', ...flags.split(' ')], asSetUp);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });
});
