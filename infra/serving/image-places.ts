// Where trained networks put new images: asked of one process that holds TensorFlow and the last network, and ends when it is idle.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NewImagePlace } from '../../activities/new-images.ts';

export interface NewImage {
  /** `<experiment>/<address>` of a trained cell. */
  cell: string;
  /** Of the file, for messages. */
  name: string;
  bytes: Uint8Array;
}

/** What the process answers. */
export type PlaceMessage = { place: NewImagePlace } | { failed: { name: string; message: string } };

/** Too many images wait already. */
export class TooBusy extends Error {
  override name = 'TooBusy';
}

export interface ImagePlaces {
  /** One image after the other; rejects with errors by their names, as `simcne embed` has them. */
  find(image: NewImage): Promise<NewImagePlace>;
  close(): void;
}

const mostWaiting = 8; // of up to 32 MB each
const answerWithinMs = 60_000;
const keptWarmMs = 120_000;

export function openImagePlaces(): ImagePlaces {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  function end(): void {
    clearTimeout(idle);
    child?.kill('SIGKILL');
    child = undefined;
  }

  async function ask(image: NewImage): Promise<NewImagePlace> {
    clearTimeout(idle);
    child ??= start(() => {
      child = undefined;
    });
    try {
      return await answerOf(child, image);
    } catch (error) {
      if (error instanceof Lost) end();
      throw error;
    } finally {
      idle = setTimeout(end, keptWarmMs).unref();
    }
  }

  return {
    find(image) {
      if (waiting >= mostWaiting) {
        return Promise.reject(new TooBusy(`${mostWaiting} images wait already; try again in a moment`));
      }
      waiting += 1;
      const found = last
        .then(() => ask(image))
        .finally(() => {
          waiting -= 1;
        });
      last = found.catch(() => {}); // told to who asked; the next one is not held up
      return found;
    },
    close: end,
  };
}

/** The process died, or did not answer in time. */
class Lost extends Error {
  override name = 'Lost';
}

function start(onEnd: () => void): ChildProcess {
  const child = fork(fileURLToPath(new URL('../../dist/place-images.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--enable-source-maps'],
    serialization: 'advanced',
  });
  child.once('exit', onEnd);
  return child;
}

function answerOf(child: ChildProcess, image: NewImage): Promise<NewImagePlace> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => {
      settle(() => reject(new Lost(`${image.name}: no answer within ${answerWithinMs / 1000} s`)));
    }, answerWithinMs);
    const onExit = (code: number | null, signal: string | null) => {
      const how = signal ?? `exit code ${code}`;
      settle(() =>
        reject(
          new Lost(`${image.name}: the process that embeds images ended by ${how}; is there enough memory?`),
        ),
      );
    };
    const onMessage = (message: PlaceMessage) => {
      settle(() => {
        if ('place' in message) return resolve(message.place);
        const { name, message: text } = message.failed;
        reject(Object.assign(new Error(text), { name }));
      });
    };
    const settle = (how: () => void) => {
      clearTimeout(impatience);
      child.off('message', onMessage).off('exit', onExit);
      how();
    };
    child.once('message', onMessage).once('exit', onExit);
    child.send(image, error => error && onExit(null, error.message));
  });
}
