// The JSON Schema of experiments' files, for editors, and what it says of a place.
import { z } from 'zod';
import { ExperimentFile } from '../../../experiments/experiment-file.ts';

export interface JsonSchema {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  /** Of settings whose names are free. */
  additionalProperties?: JsonSchema | false;
  anyOf?: JsonSchema[];
  /** Kinds of settings that a word, of the same setting in each, tells apart. */
  oneOf?: JsonSchema[];
  const?: string;
}

/** As zod derives it: what a file may say, defaults left out. */
export function fileSchema(): JsonSchema {
  return z.toJSONSchema(ExperimentFile, { io: 'input' }) as JsonSchema;
}

/** The part of a schema that speaks of a place. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (at, step) =>
      typeof step === 'number'
        ? at?.items
        : (at?.properties?.[String(step)] ?? (at?.additionalProperties || undefined)),
    schema,
  );
}

/** Whether whole numbers alone may stand at a place. */
export function isWholeAt(path: readonly PropertyKey[]): boolean {
  const { type, anyOf = [] } = schemaAt(fileSchema(), path) ?? {};
  return [type, ...anyOf.map(one => one.type)].includes('integer');
}

/** Names of the settings that there can be at a place, beside those that the value there has. */
export function settingsAt(path: readonly PropertyKey[], value: unknown): string[] {
  const { properties, oneOf = [] } = schemaAt(fileSchema(), path) ?? {};
  const said = value as Record<string, unknown> | null | undefined;
  const isMeant = (kind: JsonSchema) =>
    Object.entries(kind.properties ?? {}).every(([name, one]) => !one.const || one.const === said?.[name]);
  return Object.keys(properties ?? oneOf.find(isMeant)?.properties ?? {});
}

/** The words that tell kinds of settings apart, by the setting `name` of what stands at a place. */
export function kindsAt(path: readonly PropertyKey[], name: string): string[] {
  return schemaAt(fileSchema(), path)?.oneOf?.flatMap(kind => kind.properties?.[name]?.const ?? []) ?? [];
}
