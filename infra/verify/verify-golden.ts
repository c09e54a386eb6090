// Runs every case of a folder of reference vectors through its check.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { checks } from './checks.ts';
import { type Comparison, compareWithGolden, readGoldenCase } from './golden-case.ts';

export interface CaseResult {
  check: string;
  case: string;
  passed: boolean;
  /** The comparison that failed, else the one with the largest absolute error. */
  worst: Pick<Comparison, 'name' | 'absolute' | 'relative'> | null;
  reason?: string;
}

/** Results of all cases below `<folder>/<check>/<case>/`, in order; a check that is not known fails. */
export async function verifyGolden(folder: string): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const check of await subfolders(folder)) {
    for (const name of await subfolders(path.join(folder, check))) {
      results.push(await verifyCase(path.join(folder, check, name), check, name));
    }
  }
  return results;
}

/** Whether there is a check of this name. */
export const isKnown = (check: string): boolean => Object.hasOwn(checks, check);

/** Runs one case; whatever is thrown is a failure with its reason. */
export async function verifyCase(folder: string, check: string, name: string): Promise<CaseResult> {
  const run = isKnown(check) ? checks[check] : undefined;
  if (!run) {
    return {
      check,
      case: name,
      passed: false,
      worst: null,
      reason: `no check of the name "${check}" is known`,
    };
  }
  try {
    const golden = await readGoldenCase(folder);
    const comparisons = compareWithGolden(golden, await run(golden));
    const passed = comparisons.every(comparison => comparison.passed);
    const candidates = passed ? comparisons : comparisons.filter(comparison => !comparison.passed);
    const worst = candidates.reduce((a, b) => (b.absolute > a.absolute ? b : a), candidates[0]);
    const { name: worstName, absolute, relative, reason } = worst;
    return { check, case: name, passed, worst: { name: worstName, absolute, relative }, reason };
  } catch (error) {
    return { check, case: name, passed: false, worst: null, reason: (error as Error).message };
  }
}

async function subfolders(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const isFolder = await Promise.all(
    names.map(async name => (await stat(path.join(folder, name))).isDirectory()), // through links, too
  );
  return names.filter((_, i) => isFolder[i]).sort();
}
