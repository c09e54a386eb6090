// From an error to an exit code: 2 for what the person can put right, 130 for Ctrl-C, 1 for all else.
import { CommanderError } from 'commander';

/** Names of errors that mean bad usage, configuration or input. */
const badInput = new Set([
  'UsageError',
  'InvalidNpy',
  'InvalidDataset',
  'InvalidSafetensors',
  'InvalidPytorchFile',
  'WrongWeights',
  'InvalidInput',
  'ChecksumMismatch',
  'CannotTakeOver',
  'InvalidImage',
  'InvalidOwnImages',
  'InvalidExport',
  'NameTaken',
  'NotTrained',
  'TemporalConfiguration',
  'InvalidStore',
  'NoSuchBucket',
  'StoreDenied',
  'ZodError',
]);

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { name } = error as Error;
  if (name === 'Interrupted') return 130;
  return badInput.has(name) ? 2 : 1;
}
