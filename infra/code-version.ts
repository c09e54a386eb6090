// Which code this is: the commit of a checkout (`+` where it was changed since), else the package's version.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from './home.ts';

/** E.g. `0.1.0 (3f2a91c+)`. */
export function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', packageRoot, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    if (git('rev-parse', '--show-toplevel') !== packageRoot) return version;
    return `${version} (${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') ? '+' : ''})`;
  } catch {
    return version; // installed as a package, or no git
  }
}
