// The JSON Schema of experiments' files, for editors, and what it says of a place.
import { z } from 'zod';
import { ExperimentFile } from '../../../experiments/experiment-file.ts';

export interface JsonSchema {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

/** As zod derives it: what a file may say, defaults left out. */
export function fileSchema(): JsonSchema {
  return z.toJSONSchema(ExperimentFile, { io: 'input' }) as JsonSchema;
}

/** The part of a schema that speaks of a place. */
export function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (at, step) => (typeof step === 'number' ? at?.items : at?.properties?.[String(step)]),
    schema,
  );
}

/** Whether whole numbers alone may stand at a place. */
export function isWholeAt(path: readonly PropertyKey[]): boolean {
  const { type, anyOf = [] } = schemaAt(fileSchema(), path) ?? {};
  return [type, ...anyOf.map(one => one.type)].includes('integer');
}

/** Names of the settings that there can be at a place. */
export function settingsAt(path: readonly PropertyKey[]): string[] {
  return Object.keys(schemaAt(fileSchema(), path)?.properties ?? {});
}
