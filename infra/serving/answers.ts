// Short answers over HTTP.
import type { ServerResponse } from 'node:http';

/** Ends a response with a text; pages that change are never kept by the browser. */
export function answerFor(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}
