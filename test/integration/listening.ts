// At which addresses processes listen, as the kernel says (Linux).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listening {
  pid: number;
  /** As `127.0.0.1:7233` or `::1:7233`. */
  address: string;
  isLoopback: boolean;
}

const listen = '0A'; // TCP_LISTEN in /proc/net/tcp

/** The sockets on which these processes accept connections. */
export function listeningOf(pids: readonly number[]): Listening[] {
  const sockets = new Map([...socketsIn('tcp', 4), ...socketsIn('tcp6', 16)]);
  return pids.flatMap(pid =>
    inodesOf(pid).flatMap(inode => {
      const address = sockets.get(inode);
      return address ? [{ pid, ...address }] : [];
    }),
  );
}

function inodesOf(pid: number): string[] {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`);
    return descriptors.flatMap(name => /^socket:\[(\d+)\]$/.exec(linkOf(pid, name))?.[1] ?? []);
  } catch {
    return []; // gone meanwhile
  }
}

function linkOf(pid: number, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${name}`);
  } catch {
    return ''; // closed meanwhile
  }
}

/** Listening sockets of a table by inode. Addresses stand there as 32-bit words, each in the machine's (little-endian) order. */
function socketsIn(table: string, bytes: number): [string, Omit<Listening, 'pid'>][] {
  const lines = readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1);
  return lines.flatMap(line => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== listen) return [];
    const [words, port] = local.split(':');
    const address = Buffer.from(words, 'hex');
    for (let at = 0; at < bytes; at += 4) address.subarray(at, at + 4).reverse();
    const text = bytes === 4 ? address.join('.') : (address.toString('hex').match(/.{4}/g) ?? []).join(':');
    const isLoopback =
      bytes === 4 ? address[0] === 127 : /^(0000:){7}0001$/.test(text) || /^(0000:){5}ffff:7f/.test(text);
    return [[inode, { address: `${text}:${Number.parseInt(port, 16)}`, isLoopback }]];
  });
}
