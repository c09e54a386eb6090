// What a connection can fail of: what may pass and is worth another attempt, and what lasts.
import { connect } from 'node:net';
import { SourceFailed } from './source-file.ts';

/** A failure that may pass: a dropped connection, a server that is busy. */
export class Passing extends Error {
  readonly waitMs: number;

  constructor(message: string, waitMs = 0) {
    super(message);
    this.waitMs = waitMs;
  }
}

const connectTimeoutMs = 3_000;
const idleTimeoutMs = 30_000;

/** Fails within seconds where the host does not answer at all: a request alone might wait for minutes. */
export function requireReachable(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, ''); // IPv6
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
  return new Promise<void>((resolve, reject) => {
    const fail = (reason: string) => reject(unreachable(reason));
    socket.setTimeout(connectTimeoutMs, () => fail(`no answer within ${connectTimeoutMs / 1000} s`));
    socket.once('error', error => fail(codeOf(error) ?? error.message));
    socket.once('connect', resolve);
  }).finally(() => socket.destroy());
}

/** There is no such host, or it is not whom it claims to be. */
const forEver = /^(ENOTFOUND|CERT_|ERR_TLS|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO)/;
/** Not within seconds: another source is asked first. */
const forNow = /^(EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)/;

function unreachable(reason: string): SourceFailed {
  return new SourceFailed(`cannot be reached (${reason})`, !forEver.test(reason));
}

/** Sorts the failures of a connection: into those that may pass within seconds, and those that last. */
export async function answered<T>(pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof Passing) throw error;
    const cause = (error as Error).cause ?? error;
    const code = codeOf(cause) ?? (cause as Error).message;
    if (forEver.test(code) || forNow.test(code)) throw unreachable(code);
    throw new Passing(`the connection broke (${code})`);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}

/** A signal that also fires when nothing came for a while, and when the attempt is over: that frees the connection. */
export function startPatience(signal: AbortSignal | undefined) {
  const own = new AbortController();
  const lost = new Passing(`nothing came for ${idleTimeoutMs / 1000} s`);
  const timer = setTimeout(() => own.abort(lost), idleTimeoutMs);
  return {
    signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal,
    renew: () => timer.refresh(),
    end() {
      clearTimeout(timer);
      own.abort();
    },
  };
}
