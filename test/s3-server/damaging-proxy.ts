// Between a host and its S3 server: of the answers that hold something, a share arrives with one bit turned or cut off, as on a bad line.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface DamagingProxy {
  /** What a client takes for the server's. */
  url: string;
  /** Share of the answers that are damaged, 0 … 1: of a hundredth, every hundredth one. */
  share: number;
  /** How many answers passed, and were damaged. */
  passed: number;
  damaged: number;
  close(): void;
}

/** Opens one before the server at `target`. `kinds`: what becomes of an answer, in turn. */
export async function openDamagingProxy(
  target: string,
  share: number,
  { host = '127.0.0.1', kinds = ['bit', 'cut'] }: { host?: string; kinds?: ('bit' | 'cut')[] } = {},
): Promise<DamagingProxy> {
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  const proxy: DamagingProxy = {
    ...{ url: '', share, passed: 0, damaged: 0 },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, url, headers } = incoming; // the signature is over the name that the client knows: it stays
    const asked = request(new URL(url!, target), { method, headers });
    asked.on('error', () => outgoing.destroy());
    asked.on('response', async answer => {
      const body = await buffer(answer).catch(() => undefined);
      if (!body) return outgoing.destroy();
      outgoing.writeHead(answer.statusCode!, answer.headers);
      if (body.length === 0) return outgoing.end();
      proxy.passed++;
      const damagedUntil = (answers: number) => Math.floor(answers * proxy.share);
      if (damagedUntil(proxy.passed) === damagedUntil(proxy.passed - 1)) return outgoing.end(body);
      if (kinds[proxy.damaged++ % kinds.length] === 'cut') {
        return outgoing.write(body.subarray(0, body.length >> 1), () => outgoing.destroy());
      }
      const place = Math.floor(Math.random() * body.length);
      body[place] ^= 1 << Math.floor(Math.random() * 8);
      outgoing.end(body);
    });
    incoming.pipe(asked);
  };
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  proxy.url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return proxy;
}
