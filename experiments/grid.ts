// Settings that an experiment's file gives as lists: each value makes rows of its own, each list one more axis of a grid.
import { z } from 'zod';
import { isTrained, type Method } from './names.ts';

/** A setting that spans a grid, by its path in the experiment, and the values that it takes in turn. */
export const Axis = z.strictObject({
  path: z.array(z.union([z.string(), z.number()])).min(1),
  values: z.array(z.union([z.string(), z.number()])).min(1),
});
export type Axis = z.infer<typeof Axis>;

/** One point of a grid: the experiment with its values, and what they are called in addresses: `batchSize-256/width-16`. */
export interface GridPoint<Experiment> {
  experiment: Experiment;
  variant?: string;
}

/** The points of the grid that the axes span which concern a method on the data set of that place. */
export function gridPoints<Experiment extends { grid?: Axis[] }>(
  experiment: Experiment,
  place: number,
  method: Method,
): GridPoint<Experiment>[] {
  const axes = (experiment.grid ?? []).filter(({ path }) => concerns(path, place, method));
  const names = axisNames(axes);
  return axes.reduce<GridPoint<Experiment>[]>(
    (points, { path, values }, axis) =>
      points.flatMap(point =>
        values.map(value => ({
          experiment: withValue(point.experiment, path, value),
          variant: [point.variant, `${names[axis]}-${value}`].filter(Boolean).join('/'),
        })),
      ),
    [{ experiment }],
  );
}

function concerns([first, which, kind, of]: Axis['path'], place: number, method: Method): boolean {
  if (first === 'tsne') return method !== 't-simcne';
  if (first !== 'datasets') return true;
  return which === place && (kind !== 'training' || (isTrained(method) && of === method));
}

/** The settings' own names; those of stages, and of equal names, after where they stand: `stage-2-epochs`. */
function axisNames(axes: readonly Axis[]): string[] {
  return axes.map(({ path }) => {
    const name = String(path.at(-1));
    const stage = path[path.indexOf('stages') + 1];
    return path.includes('stages') ? `stage-${Number(stage) + 1}-${name}` : name;
  });
}

/** A copy of it in which a place holds the value. */
export function withValue<Of>(whole: Of, [step, ...rest]: Axis['path'], value: unknown): Of {
  if (step === undefined) return value as Of;
  const copy = Array.isArray(whole) ? [...whole] : { ...whole };
  const at = copy as Record<string | number, unknown>;
  at[step] = withValue(at[step], rest, value);
  return copy as Of;
}

/**
 * The same schema, in which a list may stand for each number and each word of a fixed choice.
 * @param schema of settings, of lists of them, or of one
 */
export function spanning(schema: z.ZodType): z.ZodType {
  const wide = widened(schema);
  return schema.description ? wide.describe(schema.description) : wide;
}

function widened(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return spanning(schema.unwrap() as z.ZodType).optional();
  if (schema instanceof z.ZodObject) {
    const parts = Object.entries(schema.shape as Record<string, z.ZodType>);
    return z.strictObject(Object.fromEntries(parts.map(([name, part]) => [name, spanning(part)])));
  }
  if (schema instanceof z.ZodArray) return z.array(spanning(schema.element as z.ZodType)).min(1);
  if (schema instanceof z.ZodString) return schema; // a name
  return z.union([
    schema,
    z.array(schema).min(1).refine(hasNoneTwice, { error: 'must not name a value twice' }),
  ]);
}

const hasNoneTwice = (values: readonly unknown[]) => new Set(values).size === values.length;

/** Takes the lists out of settings that were widened: the settings with the first of each, and the axes. */
export function withoutGrid(settings: unknown, path: Axis['path'] = []): { settings: unknown; axes: Axis[] } {
  if (settings === null || typeof settings !== 'object') return { settings, axes: [] };
  if (Array.isArray(settings) && settings.every(one => typeof one !== 'object')) {
    return { settings: settings[0], axes: [{ path, values: settings }] };
  }
  const isList = Array.isArray(settings);
  const parts = Object.entries(settings).map(
    ([name, part]) => [name, withoutGrid(part, [...path, isList ? Number(name) : name])] as const,
  );
  const plain = parts.map(([name, part]) => [name, part.settings] as const);
  return {
    settings: isList ? plain.map(([, part]) => part) : Object.fromEntries(plain),
    axes: parts.flatMap(([, { axes }]) => axes),
  };
}
