// Hosts as network namespaces on one bridge: each reaches the others through a cable that can be pulled. Linux, as root, with iproute2.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../infra/home.ts';

export interface NetworkHost {
  name: string;
  /** Its state folder. */
  home: string;
  /** Starts `simcne …` there; its output goes to a log in the home. */
  start(words: string[], env: Record<string, string>): ChildProcess;
  /** All of a sudden: the cable is pulled, and nothing of it runs any more. */
  lose(): void;
}

export interface Network {
  /** Of the machine itself, which the hosts reach. */
  address: string;
  addHost(name: string, home: string): NetworkHost;
  close(): void;
}

const subnet = '10.213.77';
const tag = `sc${process.pid % 100_000}`; // names of interfaces have 15 letters at most
const bridge = `${tag}br`;

/** Why there can be no such network here; undefined where there can. */
export function whyNoNetwork(): string | undefined {
  if (process.platform !== 'linux') return `network namespaces are of Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'network namespaces want root';
  try {
    ip('netns', 'add', `${tag}try`);
    ip('netns', 'del', `${tag}try`);
    return undefined;
  } catch (error) {
    return `network namespaces cannot be had here (iproute2 is needed): ${(error as Error).message.trim()}`;
  }
}

/** Lays the network out; `close` leaves nothing of it, nor of what runs in it. */
export function openNetwork(): Network {
  const hosts: NetworkHost[] = [];
  const takeDown = () => {
    for (const { name } of hosts) {
      killAll(name);
      ip('netns', 'del', spaceOf(name));
    }
    ip('link', 'del', bridge);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  process.once('exit', takeDown);
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  return {
    address: `${subnet}.1`,
    addHost(name, home) {
      const host = joinHost(name, home, hosts.length);
      hosts.push(host);
      return host;
    },
    close() {
      process.off('exit', takeDown);
      takeDown();
    },
  };
}

const spaceOf = (name: string) => `${tag}${name}`;

function joinHost(name: string, home: string, index: number): NetworkHost {
  const space = spaceOf(name);
  const cable = `${tag}v${index}`;
  ip('netns', 'add', space);
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
  ip('link', 'set', cable, 'master', bridge, 'up');
  for (const device of ['lo', 'eth0']) ip('-n', space, 'link', 'set', device, 'up');
  ip('-n', space, 'addr', 'add', `${subnet}.${index + 2}/24`, 'dev', 'eth0');
  return {
    name,
    home,
    start(words, env) {
      const log = openSync(path.join(home, `${words.join('-')}.log`), 'a');
      const simcne = [process.execPath, path.join(packageRoot, 'infra', 'simcne.js'), ...words];
      return spawn('ip', ['netns', 'exec', space, ...simcne], {
        stdio: ['ignore', log, log],
        env: { ...process.env, SIMCNE_HOME: home, ...env },
      });
    },
    lose() {
      ip('link', 'set', cable, 'down');
      killAll(name);
    },
  };
}

function killAll(name: string): void {
  for (const pid of ip('netns', 'pids', spaceOf(name)).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // gone by itself meanwhile
    }
  }
}

function ip(...words: string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
