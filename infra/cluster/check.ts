// npm run check:cluster: the files of this folder, each before its own validator, at pinned versions (from the Python package index and
// Go's module proxy, a minute or two the first time; needs Python 3 with venv, Go, and kubectl or else Go again).
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { cacheFolder } from '../../machine/cache-folder.ts';
import { packageRoot } from '../home.ts';

const folder = path.join(packageRoot, 'infra', 'cluster');
const work = path.join(cacheFolder(), 'cluster-checks');
const tool = (name: string) => path.join(work, 'venv', 'bin', name);
const kustomize = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1';
const keda = 'github.com/kedacore/keda/v2@v2.21.0';

await installTools();
const outcomes = [
  await outcome('compose files (compose-spec schema)', composeFiles),
  await outcome('Dockerfile (hadolint)', () => run(tool('hadolint'), [path.join(folder, 'Dockerfile')])),
  await outcome('scripts (shellcheck)', async () =>
    run(tool('shellcheck'), [...(await files('.', '.sh')), ...(await files('temporal', '.sh'))]),
  ),
  ...(await overlays()),
];
for (const { name, fault } of outcomes) console.log(`${fault === undefined ? 'ok' : 'FAULT'}  ${name}`);
for (const { name, fault } of outcomes) if (fault !== undefined) console.error(`\n${name}:\n${fault}`);
process.exitCode = outcomes.some(({ fault }) => fault !== undefined) ? 1 : 0;

async function installTools(): Promise<void> {
  await mkdir(work, { recursive: true });
  const python = process.env.PYTHON ?? 'python3';
  const wanted = path.join(folder, 'check-requirements.txt');
  await run(tool('python'), ['--version']).catch(() => run(python, ['-m', 'venv', path.join(work, 'venv')]));
  await run(tool('pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', wanted]);
}

/** What a program says on stdout. @throws with all that it says, where it fails */
async function run(program: string, args: string[], options: { cwd?: string } = {}): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { ...options, maxBuffer: 10e6 })).stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${stdout ?? ''}${stderr ?? ''}`.trim() || message);
  }
}

async function outcome(
  name: string,
  check: () => Promise<unknown>,
): Promise<{ name: string; fault?: string }> {
  try {
    await check();
    return { name };
  } catch (error) {
    return { name, fault: (error as Error).message };
  }
}

async function files(under: string, ending: string): Promise<string[]> {
  const names = await readdir(path.join(folder, under));
  return names.filter(name => name.endsWith(ending)).map(name => path.join(folder, under, name));
}

async function composeFiles(): Promise<void> {
  await run(tool('check-jsonschema'), [
    '--builtin-schema',
    'vendor.compose-spec',
    ...(await files('.', '.yaml')),
  ]);
}

/** Each overlay as Kustomize builds it, its resources against Kubernetes' schemas and KEDA's. */
async function overlays() {
  const names = await readdir(path.join(folder, 'kubernetes', 'overlays'));
  const schemas = await kedaSchemas();
  return Promise.all(
    names.map(name =>
      outcome(`Kubernetes overlay ${name} (kustomize, kubernetes-validate, KEDA ${keda.split('@')[1]})`, () =>
        checkOverlay(name, schemas),
      ),
    ),
  );
}

async function checkOverlay(name: string, schemas: KedaSchemas): Promise<void> {
  const source = path.join(folder, 'kubernetes', 'overlays', name);
  const built = await run('kubectl', ['kustomize', source]).catch(error => {
    if (!/ENOENT/.test(error.message)) throw error;
    return run('go', ['run', kustomize, 'build', source]);
  });
  const file = path.join(work, `${name}.yaml`);
  await writeFile(file, built);
  await run(tool('kubernetes-validate'), ['--strict', file]);
  const resources = parseAllDocuments(built).map(document => document.toJS());
  for (const resource of resources.filter(({ apiVersion }) => apiVersion.startsWith('keda.sh/'))) {
    await checkScaler(resource, schemas);
  }
}

interface KedaSchemas {
  /** Of each kind: a JSON schema that takes no field it does not know. */
  byKind: Map<string, object>;
  /** The settings of a Temporal trigger. */
  triggerSettings: Set<string>;
}

interface Scaler {
  kind: string;
  metadata: { name: string };
  spec: { triggers: { type: string; metadata: Record<string, string> }[] };
}

async function checkScaler(resource: Scaler, { byKind, triggerSettings }: KedaSchemas): Promise<void> {
  const [schema, instance] = ['schema', 'instance'].map(part =>
    path.join(work, `${resource.kind}-${part}.json`),
  );
  await writeFile(schema, JSON.stringify(byKind.get(resource.kind)));
  await writeFile(instance, JSON.stringify(resource));
  await run(tool('check-jsonschema'), ['--schemafile', schema, instance]);
  for (const { type, metadata } of resource.spec.triggers) {
    const unknown = Object.keys(metadata).filter(
      setting => !triggerSettings.has(setting.replace(/FromEnv$/, '')),
    );
    if (type !== 'temporal' || unknown.length > 0) {
      throw new Error(
        `${resource.kind} ${resource.metadata.name}: no ${type} trigger with ${unknown.join(', ')}`,
      );
    }
  }
}

/** From the definitions that KEDA's own module holds. */
async function kedaSchemas(): Promise<KedaSchemas> {
  const { Dir } = JSON.parse(await run('go', ['mod', 'download', '-json', keda], { cwd: work }));
  const definitions = ['scaledobjects', 'scaledjobs'].map(name =>
    path.join(Dir, 'config', 'crd', 'bases', `keda.sh_${name}.yaml`),
  );
  const byKind = new Map<string, object>();
  for (const file of definitions) {
    const { spec } = parse(await readFile(file, 'utf8'));
    byKind.set(spec.names.kind, strict(spec.versions[0].schema.openAPIV3Schema));
  }
  const known = JSON.parse(
    await readFile(path.join(Dir, 'schema', 'generated', 'scalers-schema.json'), 'utf8'),
  );
  const { parameters } = known.scalers.find(({ type }: { type: string }) => type === 'temporal');
  return { byKind, triggerSettings: new Set(parameters.map(({ name }: { name: string }) => name)) };
}

/** An API server drops fields that it does not know; here they are faults. */
function strict<Schema>(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(strict) as Schema;
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([name, member]) => [name, strict(member)]);
  const isClosed = 'properties' in schema && !('x-kubernetes-preserve-unknown-fields' in schema);
  return Object.fromEntries(isClosed ? [...members, ['additionalProperties', false]] : members);
}
