// The log of one attempt at a step: a JSON object a line, with what the worker knows of it and what its child process writes.
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pino } from 'pino';

type Level = 'info' | 'warn' | 'error';

/** Stands in every line: what the attempt is for, and where it runs. */
export interface LogFacts {
  experiment: string;
  cell: string;
  run: string;
  step: string;
  attempt: number;
  host: string;
}

export interface AttemptLog {
  readonly file: string;
  /** From here on lines name the child process. */
  ofProcess(pid: number | undefined): void;
  write(level: Level, message: string, more?: Record<string, unknown>): void;
  /** Takes over what a stream of the child says, line by line; ends with the stream. */
  take(stream: Readable | null, level: Level): void;
  /** How the attempt ended in its own words: the last few lines, without frames of a stack trace. */
  lastLines(): string[];
  /** All that was said lately, for those who look for a word. */
  text(): string;
  close(): void;
}

const linesKept = 200;
const lastWordsLength = 800; // characters; the server keeps failures of a few kilobytes only

/** Opens the log at `file`, adding to what is there; where it cannot be written (a full disk) the step goes on without. */
export function openAttemptLog(file: string, facts: Partial<LogFacts> = {}): AttemptLog {
  const destination = pino.destination({ dest: file, mkdir: true, append: true, sync: true });
  destination.on('error', () => {});
  const logger = pino(
    {
      base: facts,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    destination,
  );
  const kept: string[] = [];
  const write: AttemptLog['write'] = (level, message, more = {}) => {
    logger[level](more, message);
    kept.push(...message.split('\n'));
    kept.splice(0, kept.length - linesKept);
  };
  return {
    file,
    write,
    ofProcess: pid => logger.setBindings({ pid }),
    take(stream, level) {
      if (!stream) return;
      createInterface({ input: stream }).on('line', line => {
        if (line !== '') write(levelOf(line) ?? level, line);
      });
    },
    lastLines() {
      const lines = kept.filter(line => line !== '' && !/^\s+at /.test(line) && !isChatter(line));
      const last = lines.slice(-5).join('\n').slice(-lastWordsLength);
      return last === '' ? [] : last.split('\n');
    },
    text: () => kept.join('\n'),
    close: () => destination.end(),
  };
}

/** TensorFlow's lines begin with their level, as `E0000 00:00:1795570216.693471 31626 port.cc:153] …`. */
function levelOf(line: string): Level | undefined {
  const [, letter] = /^([IWEF])\d{4} [\d:.]+ +\d+ \S+:\d+\] /.exec(line) ?? [];
  if (letter === undefined) return isChatter(line) ? 'info' : undefined;
  return letter === 'I' ? 'info' : letter === 'W' ? 'warn' : 'error';
}

/** What TensorFlow says of itself when it is loaded, whatever log level it is given. */
function isChatter(line: string): boolean {
  return /^WARNING: All log messages before absl::InitializeLog\(\)|^I\d{4} .*\] oneDNN custom operations/.test(
    line,
  );
}
