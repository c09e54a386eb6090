// report: the page again, from what the store holds; or what of it is kept in the repository.
import type { Command } from 'commander';
import { reportFolder } from '../../home.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { printResult } from '../output.ts';
import { readResult } from '../read-result.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report <experiment>')
    .description('render the report again')
    .option('--publish <folder>', 'write table, picture and provenance there instead')
    .action(async (named: string, { publish: folder }: { publish?: string }, command: Command) => {
      const experiment = await namedPlace(named);
      const result = await readResult(experiment, { own: folder === undefined }); // one's own images are not published
      const { path } = folder === undefined ? await writePage(result) : await writePublished(result, folder);
      printResult(command, { path }, () => path);
    });
}

type Result = Awaited<ReturnType<typeof readResult>>;

async function writePage(result: Result): Promise<{ path: string }> {
  const { writeReport } = await import('../../../reports/write-report.ts');
  return writeReport(result, reportFolder(result.experiment));
}

async function writePublished(result: Result, folder: string): Promise<{ path: string }> {
  const { publish } = await import('../../../reports/publish.ts');
  return publish(result, folder);
}
