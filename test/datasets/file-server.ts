// An HTTP server on loopback that answers each request as the test says, and remembers what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server that gives the nth request the nth answer (the last one again and again); it ends with the test. */
export async function serve(...answers: Answer[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answers[Math.min(requests.length, answers.length) - 1](request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/data.npz`, requests };
}

/** Serves `content` as a good server does: with ranges, for the version `etag`. */
export function file(content: Uint8Array, etag = '"v1"'): Answer {
  return (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isSame = (request.headers['if-range'] ?? etag) === etag;
    if (from === 0 || !isSame) {
      response.writeHead(200, { etag, 'content-length': content.length }).end(content);
    } else if (from >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    } else {
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      const length = content.length - from;
      response.writeHead(206, { etag, 'content-range': range, 'content-length': length });
      response.end(content.subarray(from));
    }
  };
}

/** Announces all of `content`, sends `bytes` of it and drops the connection. */
export function dropAfter(content: Uint8Array, bytes: number, etag = '"v1"'): Answer {
  return (_, response) => {
    response.writeHead(200, { etag, 'content-length': content.length });
    response.write(content.subarray(0, bytes), () => response.destroy());
  };
}

/** Nothing but a status. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => response.writeHead(code, headers).end();
}
