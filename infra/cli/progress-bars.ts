// Progress on a terminal: a bar a cell, then the time left, since what does not fit a narrow terminal is cut off at its end.
import cliProgress from 'cli-progress';
import type { Cell } from '../../experiments/experiment.ts';
import { type CellDisplay, describe } from './describe-progress.ts';
import { duration } from './output.ts';

const wideColumns = 110;

export function progressBars(cells: Cell[], stream: NodeJS.WriteStream = process.stderr): CellDisplay {
  const width = Math.max(...cells.map(cell => cell.address.length));
  const multiBar = new cliProgress.MultiBar(
    {
      format: '{address} {bar} {left} {text}',
      hideCursor: true,
      barsize: (stream.columns ?? wideColumns) < wideColumns ? 10 : 24,
      linewrap: false,
      stream,
    },
    cliProgress.Presets.shades_grey,
  );
  const byAddress = new Map(
    cells.map(({ address }) => [
      address,
      multiBar.create(1, 0, { address: address.padEnd(width), left: leftText(undefined), text: 'waiting' }),
    ]),
  );
  return {
    show: progress =>
      byAddress.get(progress.address)?.update(progress.outcome ? 1 : (progress.progress?.fraction ?? 0), {
        left: leftText(progress.progress?.secondsLeft),
        text: describe(progress, { left: false }),
      }),
    close: () => multiBar.stop(),
  };
}

/** Always of the same width, so that what follows stays where it is. */
function leftText(seconds: number | undefined): string {
  return (seconds === undefined ? '' : `${duration(seconds)} left`).padEnd('59 min 59 s left'.length);
}
