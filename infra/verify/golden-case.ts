// One reference case of `test/golden/`: reading it, and holding results against it (test/golden/README.md, "Format").
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { decodeNpy } from '../../numeric/arrays/npy.ts';

const Tolerance = z.object({
  absolute: z.number().default(0),
  relative: z.number().default(0),
  mean: z.number().optional(),
  outliers: z.number().default(0),
  side: z.enum(['upper', 'lower']).optional(),
  sign: z.literal('any, per column').optional(),
  order: z.literal('set').optional(),
});
export type Tolerance = z.infer<typeof Tolerance>;

const CaseFile = z.object({
  check: z.string(),
  case: z.string(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  inputs: z.record(z.string(), z.string()).default({}),
  expected: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.number())])),
  tolerance: z.record(z.string(), Tolerance),
  authority: z.string().optional(),
});

/** A case with its arrays read. `parameters` are as in the file: each check parses those that it needs. */
export interface GoldenCase {
  check: string;
  case: string;
  parameters: Record<string, unknown>;
  inputs: Record<string, NdArray>;
  expected: Record<string, NdArray>;
  tolerance: Record<string, Tolerance>;
}

/** What a check computed, under the names of the case's `expected`. */
export type Actual = Record<string, NdArray | number | readonly number[]>;

/** Runs the code that experiments use on a case's inputs. */
export type Check = (golden: GoldenCase) => Actual | Promise<Actual>;

/** The largest errors of one expected name (the relative one where the expectation is not 0); `passed` by the case's tolerance. */
export interface Comparison {
  name: string;
  passed: boolean;
  absolute: number;
  relative: number;
  reason?: string;
}

/** Reads `<folder>/case.json` and every array that it names. */
export async function readGoldenCase(folder: string): Promise<GoldenCase> {
  const file = parseCase(await readFile(path.join(folder, 'case.json'), 'utf8'));
  const read = async (value: string | number | number[]): Promise<NdArray> => {
    return typeof value === 'string' ? readArray(folder, value) : toArray(value);
  };
  const readAll = async (values: Record<string, string | number | number[]>) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(values).map(async ([name, value]) => [name, await read(value)] as const),
      ),
    );
  return { ...file, inputs: await readAll(file.inputs), expected: await readAll(file.expected) };
}

function parseCase(text: string): z.infer<typeof CaseFile> {
  try {
    return CaseFile.parse(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(`case.json: ${problem.replace(/\s+/g, ' ')}`);
  }
}

async function readArray(folder: string, file: string): Promise<NdArray> {
  const bytes = await readFile(path.join(folder, file));
  try {
    return decodeNpy(bytes);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** Holds every expected name of a case against what was computed; a name that is missing fails. */
export function compareWithGolden(golden: GoldenCase, actual: Actual): Comparison[] {
  return Object.entries(golden.expected).map(([name, expected]) => {
    const tolerance = golden.tolerance[name] ?? Tolerance.parse({});
    if (actual[name] === undefined) return failure(name, 'not computed');
    const result = toArray(actual[name]);
    if (String(result.shape) !== String(expected.shape)) {
      return failure(name, `shape [${result.shape}], expected [${expected.shape}]`);
    }
    return compareArrays(name, result, expected, tolerance);
  });
}

function failure(name: string, reason: string): Comparison {
  return {
    name,
    passed: false,
    absolute: Number.POSITIVE_INFINITY,
    relative: Number.POSITIVE_INFINITY,
    reason,
  };
}

function toArray(value: NdArray | number | readonly number[]): NdArray {
  if (typeof value === 'number') return ndarray(Float64Array.of(value), []);
  return Array.isArray(value) ? ndarray(Float64Array.from(value), [value.length]) : (value as NdArray);
}

function compareArrays(name: string, actual: NdArray, expected: NdArray, tolerance: Tolerance): Comparison {
  const [a, e] =
    tolerance.order === 'set' ? [sorted(actual), sorted(expected)] : [actual.data, expected.data];
  const signs = tolerance.sign ? columnSigns(actual, expected) : [1];
  let [absolute, relative, sum, beyond] = [0, 0, 0, 0];
  for (let i = 0; i < e.length; i++) {
    const signed = signs[i % signs.length] * a[i] - e[i];
    const error = Number.isNaN(signed) ? Number.POSITIVE_INFINITY : Math.abs(signed);
    const counts = !tolerance.side || (tolerance.side === 'upper' ? !(signed <= 0) : !(signed >= 0));
    sum += error;
    absolute = Math.max(absolute, error);
    if (e[i] !== 0) relative = Math.max(relative, error / Math.abs(e[i]));
    if (counts && !(error <= tolerance.absolute + tolerance.relative * Math.abs(e[i]))) beyond++;
  }
  const meanIsFine = tolerance.mean === undefined || sum / Math.max(1, e.length) <= tolerance.mean;
  const passed = beyond <= tolerance.outliers * e.length && meanIsFine;
  return { name, passed, absolute, relative };
}

function sorted({ data }: NdArray) {
  return data.slice().sort();
}

/** For each column the sign that brings it nearer to the expectation. */
function columnSigns(actual: NdArray, expected: NdArray): number[] {
  const columns = expected.shape.at(-1) ?? 1;
  return Array.from({ length: columns }, (_, column) => {
    let dot = 0;
    for (let i = column; i < expected.data.length; i += columns) dot += actual.data[i] * expected.data[i];
    return dot < 0 ? -1 : 1;
  });
}
