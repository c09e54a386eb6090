// Holds the installed packages against the registry's list of known vulnerabilities, for CI:
//   npx tsx infra/setup/audit.ts
// One that is high or critical fails where there is a version without it. A registry that tells none is said to, and fails nothing.
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { packageRoot } from '../home.ts';

const severities = ['high', 'critical'];

/** What `npm audit --json` prints, as far as it is read here. */
const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      /** Versions that have it. */
      range: z.string(),
      /** Whether, or by which package, it can be mended. */
      fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]),
    }),
  ),
});

export interface AuditVerdict {
  failed: boolean;
  lines: string[];
}

/** What an audit's output means. */
export function auditVerdict(output: string): AuditVerdict {
  const report = Report.safeParse(parsed(output));
  if (!report.success) {
    return {
      failed: false,
      lines: [`audit: not done, as the registry does not answer it${reasonOf(output)}; run it where it does`],
    };
  }
  const all = Object.entries(report.data.vulnerabilities);
  const grave = all.filter(([, { severity }]) => severities.includes(severity));
  return {
    failed: grave.some(([, { fixAvailable }]) => fixAvailable !== false),
    lines: [
      `audit: ${grave.length} high or critical of ${all.length} known vulnerabilities`,
      ...grave.map(([name, { severity, range, fixAvailable }]) => {
        const remedy = fixAvailable === false ? 'nothing mends it yet' : `mended by ${mender(fixAvailable)}`;
        return `  ${name} ${range}: ${severity}, ${remedy}`;
      }),
    ],
  };
}

function mender(fix: true | { name: string; version: string }): string {
  return fix === true ? 'an update ("npm audit fix", or an override)' : `${fix.name} ${fix.version}`;
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function reasonOf(output: string): string {
  const { statusCode } = (parsed(output) ?? {}) as { statusCode?: number };
  return statusCode === undefined ? '' : ` (status ${statusCode})`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const words = ['audit', '--json']; // those for development, too: some are built into dist/
  execFile('npm', words, { cwd: packageRoot, maxBuffer: 1 << 26 }, (_, stdout) => {
    const { failed, lines } = auditVerdict(stdout);
    console.log(lines.join('\n'));
    process.exitCode = failed ? 1 : 0;
  });
}
