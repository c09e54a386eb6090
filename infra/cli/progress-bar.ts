// Progress on a terminal: one bar for the whole run with the time left, then what is being made; above it, cells as they end.
import cliProgress from 'cli-progress';
import { describe, type RunDisplay, type RunState } from './describe-progress.ts';
import { duration } from './output.ts';

const wideColumns = 110;

export function progressBar(name: string, stream: NodeJS.WriteStream = process.stderr): RunDisplay {
  const bars = new cliProgress.MultiBar(
    {
      format: '{name} {bar} {left} {text}', // what does not fit a narrow terminal is cut off at its end
      hideCursor: true,
      barsize: (stream.columns ?? wideColumns) < wideColumns ? 10 : 24,
      linewrap: false,
      stream,
    },
    cliProgress.Presets.shades_grey,
  );
  const bar = bars.create(1, 0, { name, left: leftText({}), text: 'starting' });
  const say = (line: string) => bars.log(`${line}\n`);
  const doing = new Map<string, string>();
  return {
    show(progress) {
      const { address, status, outcome } = progress;
      doing.delete(address);
      if (outcome) say(`${address}: ${describe(progress)}`);
      else if (status === 'running' && progress.step) doing.set(address, describe(progress, { left: false }));
    },
    showRun(state) {
      const texts = [...doing].map(([address, text]) => `${address} ${text}`);
      if (state.fraction !== undefined) bar.update(state.fraction);
      bar.update({
        left: leftText(state),
        text: [`${state.ended} of ${state.cells} cells`, ...texts].join('; '),
      });
    },
    say,
    close: () => bars.stop(),
  };
}

/** Always of the same width, so that what follows stays where it is. */
function leftText({ secondsLeft }: Pick<RunState, 'secondsLeft'>): string {
  const text = secondsLeft === undefined ? '' : `${duration(secondsLeft)} left`;
  return text.padEnd('59 min 59 s left'.length);
}
