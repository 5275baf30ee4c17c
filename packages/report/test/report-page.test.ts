import fc from 'fast-check';
import { expect, test } from 'vitest';

import { reportPage } from '../src/page/report-page.ts';
import { exemptAndExcluded, findings, plan, report } from './sample-report.ts';

const page = reportPage(report);

test('the page makes no external requests', () => {
  expect(page).not.toMatch(/<script|<link|<img|\bsrc=|@import|url\(|https?:/);
  expect(page).toContain("default-src 'none'");
  // Neither is covered by default-src.
  expect(page).toContain("base-uri 'none'; form-action 'none'");
});

test.each([
  ['each violation with its reason', 'Versioning is Suspended.'],
  ['the title of each rule', 'No security group opens SSH or RDP to the internet'],
  ['the names of accounts', 'production'],
  ['how many resources of a rule violate it', '✗ 1/2'],
  ['the compliant share', '50 %'],
  ['the exact call of a plan', 's3:PutBucketVersioning'],
  ['the difference an edit makes', 'MinimumPasswordLength: 8 → 14'],
  ['the change that was made', 'Turn versioning on for bucket backups'],
  ['resources that could not be evaluated', 'locked-away'],
])('the page shows %s', (_, text) => {
  expect(page).toContain(text);
});

test('exempt resources are counted separately, in neither share', () => {
  expect(reportPage({ ...report, findings: exemptAndExcluded })).toContain('1 exempt (not counted)');
  expect(page).not.toContain('not counted');
});

test('a violation of an externally managed resource is counted and marked', () => {
  const marked = reportPage({ ...report, findings: exemptAndExcluded });
  expect(marked).toMatch(/1 managed by AWS or the landing zone/);
  expect(marked.match(/>AWS or landing zone</g)).toHaveLength(1);
  expect(page).not.toMatch(/landing zone/);
});

test('names and texts from outside never become markup', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const evil = `"><i onclick='x'>&${text}</td>`;
      const hostile = reportPage({
        ...report,
        title: evil,
        findings: findings.map((finding) => ({
          ...finding,
          resourceId: evil,
          command: evil,
          annotation: evil,
        })),
        plans: [{ ...plan, description: evil, facts: { [evil]: evil } }],
        accountNames: { '111122223333': evil },
      });
      expect(hostile).not.toContain('<i onclick');
      expect(hostile.match(/<td/g)?.length).toBe(hostile.match(/<\/td>/g)?.length);
    }),
    { numRuns: 30 },
  );
});

test('an empty report is a valid page', () => {
  const empty = reportPage({ ...report, findings: [], plans: [], changes: [], unreadable: [] });
  expect(empty).toContain('No violations.');
  expect(empty).not.toContain('NaN');
});
