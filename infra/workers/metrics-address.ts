// Where a worker serves its metrics: nowhere unless told, on loopback unless told.
import { isIP } from 'node:net';
import { UsageError } from '../cli/usage-error.ts';
import { queueNames } from './queue-names.ts';

const loopback = '127.0.0.1';
const largestPort = 65_535 - queueNames.length; // each worker of a machine has one of its own

export interface MetricsAddress {
  /** An IP address. */
  host: string;
  port: number;
}

/** Reads `PORT` or `ADDRESS:PORT` (IPv6 in brackets), as `--metrics` and SIMCNE_METRICS give it; undefined where it is empty. */
export function parseMetricsAddress(text: string | undefined, source: string): MetricsAddress | undefined {
  if (text === undefined || text === '') return undefined;
  const [, named, digits] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? [];
  const host =
    named === undefined ? loopback : named === 'localhost' ? loopback : named.replace(/^\[(.*)\]$/, '$1');
  const port = Number(digits);
  if (digits === undefined || isIP(host) === 0 || port < 1 || port > largestPort) {
    throw new UsageError(
      `${source} ${JSON.stringify(text)}: expected PORT or ADDRESS:PORT with an IP address, as 9464 (on ${loopback}) or 0.0.0.0:9464`,
    );
  }
  return { host, port };
}

/** As text that `parseMetricsAddress` reads; `offset` is added to the port, for several workers of one machine. */
export function metricsAddressText({ host, port }: MetricsAddress, offset = 0): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port + offset}`;
}
