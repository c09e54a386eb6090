// An image that was dropped on an embedding: taken in, within limits, and answered with its place.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exitCodeOf } from '../cli/exit-code.ts';
import { answerFor } from './answers.ts';
import { type ImagePlaces, TooBusy } from './image-places.ts';

const mostBytes = 32 * 1024 * 1024;

/** Too much was sent. */
class TooLarge extends Error {
  override name = 'TooLarge';
}

/** `POST /live/<experiment>/place/<address>?name=…`, the body is the image file; answers a `NewImagePlace`, or an error's message as text. */
export async function takeImage(
  request: IncomingMessage,
  response: ServerResponse,
  places: ImagePlaces,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, experiment, address] = /^\/live\/([^/]+)\/place\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
  if (address === undefined) return answerFor(response, 404, 'there is no such cell');
  if (request.headers.origin !== `http://${request.headers.host}`) {
    return answerFor(response, 403, 'images are taken from pages of this server only');
  }
  try {
    const bytes = await bodyOf(request);
    const name = searchParams.get('name') ?? 'image';
    const place = await places.find({ cell: `${experiment}/${address}`, name, bytes });
    answerFor(response, 200, JSON.stringify(place), 'application/json');
  } catch (error) {
    if (error instanceof TooLarge) response.setHeader('connection', 'close'); // the rest is not read
    answerFor(response, statusOf(error as Error), (error as Error).message);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new TooLarge(`an image file may have ${mostBytes / 1024 / 1024} MB at most`);
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function statusOf(error: Error): number {
  if (error instanceof TooLarge) return 413;
  if (error instanceof TooBusy) return 503;
  return exitCodeOf(error) === 2 ? 422 : 500;
}
