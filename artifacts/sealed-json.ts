// Small JSON files that notice their own damage: a digest of what they say stands in them.
import { createHash } from 'node:crypto';
import { canonicalJson } from './recipe.ts';

/** The text of a file that says `value`, sealed. */
export function sealedJson(value: object): string {
  return `${JSON.stringify({ ...value, seal: sealOf(JSON.parse(JSON.stringify(value))) }, undefined, 2)}\n`;
}

/** What a sealed text says. One without a seal (of an earlier version) is taken at its word. Throws where it is damaged. */
export function openSealedJson(text: string): unknown {
  const { seal, ...value } = JSON.parse(text);
  if (seal !== undefined && seal !== sealOf(value))
    throw new Error('its seal is broken: it was changed or damaged');
  return value;
}

function sealOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
