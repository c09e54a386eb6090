// What is wrong with an experiment's file, setting by setting, in words: the rule, and the nearest right word.
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { isWholeAt, kindsAt, settingsAt } from './schema.ts';

export interface Fault {
  readonly path: readonly PropertyKey[];
  /** What the file says there; undefined where it says nothing. */
  readonly value: unknown;
  /** `must be a whole number`: what follows the setting and its value. */
  readonly rule: string;
  /** The setting's name itself is what is wrong; and the name that it is nearest to. */
  readonly isKey?: boolean;
  readonly near?: string;
}

/** The faults that zod found in a file's value. */
export function faultsOf(error: z.ZodError, file: unknown): Fault[] {
  const faults = error.issues.flatMap(issue => faultsIn(issue, file));
  const meantKeys = faults.flatMap(({ path, near }) => (near ? placeText([...path.slice(0, -1), near]) : []));
  return faults.filter(
    ({ path, value, isKey }) => isKey || value !== undefined || !meantKeys.includes(placeText(path)),
  );
}

const placeText = (path: readonly PropertyKey[]) => path.join('.');

type Issue = z.core.$ZodIssue;

function faultsIn(issue: Issue, file: unknown): Fault[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = settingsAt(path, valueAt(file, path));
    return issue.keys.map(key => ({
      path: [...path, key],
      value: undefined,
      isKey: true,
      near: nearest(key, known),
      rule: `is no setting${meant(key, known)}; there are ${known.join(', ')}`,
    }));
  }
  const value = valueAt(file, path);
  if (value === undefined) return [{ path, value, rule: `is missing: it ${ruleOf(issue)}` }];
  const words = wordsOf(issue);
  return [{ path, value, rule: `${ruleOf(issue)}${typeof value === 'string' ? meant(value, words) : ''}` }];
}

/** The words that may stand there. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') return kindsAt(issue.path.slice(0, -1), String(issue.path.at(-1)));
  const { known = [] } = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  return known;
}

function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near ? ` (did you mean ${near}?)` : '';
}

const kinds: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  array: 'a list',
  object: 'settings, each with its name',
};

function ruleOf(issue: Issue, path = issue.path): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${isWholeAt(path) ? kinds.int : (kinds[issue.expected] ?? issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `must ${bound(issue.origin, issue.inclusive ? 'at least' : 'more than')} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must ${bound(issue.origin, issue.inclusive ? 'at most' : 'less than')} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_union':
      if (issue.errors.length === 0) return `must be ${wordsOf(issue).join(' or ')}`;
      return [...new Set(issue.errors.flat().map(one => ruleOf(one, path)))].join(', or ');
    default:
      return issue.message;
  }
}

const bound = (origin: string, words: string) => (unitOf(origin) ? `have ${words}` : `be ${words}`);

function unitOf(origin: string): string {
  if (origin === 'array') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (at, step) =>
      at !== null && typeof at === 'object' ? (at as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}
