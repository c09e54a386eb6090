// Why a Temporal server does not answer, looked at a layer at a time (name, port, TLS): gRPC itself says only that time ran out.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { NamedServer } from './temporal-config.ts';

export interface ConnectionFault {
  reason: string;
  /** Whether another setting is needed, and waiting is of no use. */
  isConfiguration: boolean;
}

const waitMs = 4_000;
/** With TLS 1.3 a server looks at the client's certificate after the client has finished. */
const refusalMs = 500;

export async function connectionFault({ address, connectionOptions }: NamedServer): Promise<ConnectionFault> {
  const [, host, port] = address.match(/^\[?([^[\]/]+?)\]?(?::(\d+))?$/) ?? [];
  if (!host) {
    return { reason: 'an address is "host:port", without "http://"', isConfiguration: true };
  }
  const target = { host, port: Number(port ?? 7233) };
  const plain = await failure(connect(target), 'connect');
  if (plain) return { reason: plain, isConfiguration: false };
  const { tls } = connectionOptions;
  const settings = typeof tls === 'object' ? tls : {};
  const handshake = await tlsFailure({
    ...target,
    ALPNProtocols: ['h2'],
    servername: settings?.serverNameOverride ?? (/[a-z]/i.test(host) && !host.includes(':') ? host : ''),
    ca: asBuffer(settings?.serverRootCACertificate),
    cert: asBuffer(settings?.clientCertPair?.crt),
    key: asBuffer(settings?.clientCertPair?.key),
    rejectUnauthorized: Boolean(tls),
  });
  if (tls && handshake) return { reason: `TLS: ${handshake}`, isConfiguration: true };
  if (!tls && (handshake === undefined || /certificate/.test(handshake))) {
    return { reason: 'it speaks TLS; set TEMPORAL_TLS=true and what it asks for', isConfiguration: true };
  }
  return { reason: 'the port is open, but no Temporal server answers', isConfiguration: false };
}

function asBuffer(bytes: Uint8Array | null | undefined): Buffer | undefined {
  return bytes ? Buffer.from(bytes) : undefined;
}

async function tlsFailure(options: ConnectionOptions): Promise<string | undefined> {
  try {
    return await failure(connectTls(options), 'secureConnect', refusalMs);
  } catch (error) {
    return (error as Error).message; // a certificate or key that is none
  }
}

/** What went wrong with the socket before the event, or within `afterMs` after it; undefined if nothing did. */
async function failure(socket: Socket, event: string, afterMs = 0): Promise<string | undefined> {
  const failed = once(socket, 'error').then(([error]) => reasonOf(error));
  const silent = sleep(waitMs, `no answer within ${waitMs / 1000} s`, { ref: false });
  const connected = once(socket, event).then(() => sleep(afterMs));
  connected.catch(() => {}); // the same error again
  try {
    return (await Promise.race([failed, silent, connected])) ?? undefined;
  } finally {
    socket.on('error', () => {}).destroy();
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const { code, message } = error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host is known';
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (/wrong version number|packet length too long/.test(message)) return 'the server speaks no TLS there';
  if (/alert/.test(message)) return `the server refuses (${message.match(/alert [a-z ]+/)?.[0] ?? message})`;
  return code && !message.includes(code) ? `${message} (${code})` : message;
}
