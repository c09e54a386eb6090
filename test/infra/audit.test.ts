import { expect, it } from 'vitest';
import { auditVerdict } from '../../infra/setup/audit.ts';

/** As npm 10 prints it (`auditReportVersion` 2). */
const report = (...vulnerabilities: { severity: string; fixAvailable: unknown }[]) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      vulnerabilities.map((one, i) => [
        `package-${i}`,
        { name: `package-${i}`, range: '<=1.0.0', via: [], ...one },
      ]),
    ),
    metadata: {},
  });

it('fails where a grave vulnerability has a remedy, and only there', () => {
  const verdict = (severity: string, fixAvailable: unknown) =>
    auditVerdict(report({ severity, fixAvailable })).failed;
  expect(verdict('high', true)).toBe(true);
  expect(verdict('critical', { name: 'parent', version: '2.0.0', isSemVerMajor: true })).toBe(true);
  expect(verdict('high', false)).toBe(false);
  expect(verdict('moderate', true)).toBe(false);
  expect(auditVerdict(report()).failed).toBe(false);
});

it('names each with its remedy', () => {
  const fix = { name: 'parent', version: '2.0.0', isSemVerMajor: true };
  const grave = [
    { severity: 'high', fixAvailable: fix },
    { severity: 'high', fixAvailable: false },
  ];
  expect(auditVerdict(report(...grave, { severity: 'low', fixAvailable: true })).lines).toEqual([
    'audit: 2 high or critical of 3 known vulnerabilities',
    '  package-0 <=1.0.0: high, mended by parent 2.0.0',
    '  package-1 <=1.0.0: high, nothing mends it yet',
  ]);
});

it('says that it was not done where the registry does not answer, and fails nothing', () => {
  const refused = JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405, body: '', error: {} });
  for (const output of [refused, '', 'npm error network']) {
    const { failed, lines } = auditVerdict(output);
    expect(failed).toBe(false);
    expect(lines.join()).toMatch(/^audit: not done/);
  }
});
