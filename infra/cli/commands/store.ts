// store: an experiment in one file, and out of it.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { openHomeStore } from '../../open-home-store.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { printResult } from '../output.ts';
import { cellsNamed } from '../select-cells.ts';
import { UsageError } from '../usage-error.ts';

export function addStoreCommand(program: Command): void {
  const store = program.command('store').description('take an experiment to another store, in one file');
  store
    .command('export')
    .description('write all that was made of an experiment to a file')
    .argument('<experiment>')
    .argument('<file>', 'a tar file; there must be none yet')
    .action(exportExperiment);
  store
    .command('import')
    .description('take in what such a file holds, verified; what is there already is passed over')
    .argument('<file>')
    .action(importExperiment);
}

async function exportExperiment(named: string, file: string, _: unknown, command: Command): Promise<void> {
  const experiment = await namedPlace(named);
  cellsNamed(experiment); // or it says which there are
  if (existsSync(file)) throw new UsageError(`${file}: is there already; remove it, or name another file`);
  const { experimentPieces } = await import('../../../artifacts/transfer/experiment-pieces.ts');
  const { writeExport } = await import('../../../artifacts/transfer/write-export.ts');
  const { pieces, ...counts } = await experimentPieces(await openHomeStore(), experiment);
  if (counts.cells + counts.artifacts + counts.checkpoints === 0) {
    throw new UsageError(`${experiment}: nothing of it was made here; "simcne run ${experiment}" does`);
  }
  await writeExport(experiment, pieces, file);
  const { size: bytes } = await stat(file);
  const { cells, artifacts, checkpoints, missing } = counts;
  printResult(command, { experiment, file, bytes, ...counts }, () =>
    [
      `${file}: ${(bytes / 1e6).toFixed(1)} MB, ${cells} cells, ${artifacts} artifacts, ${checkpoints} checkpoints`,
      ...missing.map(step => `missing here, or damaged: ${step}; "simcne run ${experiment}" makes it again`),
    ].join('\n'),
  );
  if (missing.length > 0) process.exitCode = 1;
}

async function importExperiment(file: string, _: unknown, command: Command): Promise<void> {
  if (!(await stat(file).catch(() => undefined))?.isFile()) {
    throw new UsageError(`${file}: there is no such file; name one that "simcne store export" wrote`);
  }
  const { readExport } = await import('../../../artifacts/transfer/read-export.ts');
  const imported = await readExport(await openHomeStore(), file);
  const { experiment, artifacts, present, others } = imported;
  printResult(command, { file, ...imported }, () =>
    [
      `${experiment}: ${artifacts} artifacts and ${others} records and checkpoints taken in, ${present} artifacts were here`,
      `"simcne table ${experiment}" shows them, "simcne run ${experiment}" goes on`,
    ].join('\n'),
  );
}
