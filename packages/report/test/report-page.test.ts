import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { reportPage } from '../src/page/report-page.ts';
import { countedApart, findings, plan, report } from './sample-report.ts';

const page = reportPage(report);

test('the page asks nothing of any server', () => {
  expect(page).not.toMatch(/<script|<link|<img|\bsrc=|@import|url\(|https?:/);
  expect(page).toContain("default-src 'none'");
});

describe('it shows', () => {
  test.each([
    ['each violation with its reason', 'Versioning is Suspended.'],
    ['what each rule is about', 'No security group opens SSH or RDP to the internet'],
    ['accounts by name', 'production'],
    ['how many of how many violate', '✗ 1/2'],
    ['the share that is compliant', '50 %'],
    ['the exact call of a plan', 's3:PutBucketVersioning'],
    ['the difference an edit makes', 'MinimumPasswordLength: 8 → 14'],
    ['the change that was made', 'Turn versioning on for bucket backups'],
    ['what could not be judged', 'locked-away'],
  ])('%s', (_, text) => {
    expect(page).toContain(text);
  });
});

test('what is exempt is counted apart, in neither share', () => {
  expect(reportPage({ ...report, findings: countedApart })).toContain('1 exempt, counted in neither');
  expect(page).not.toContain('counted in neither');
});

test('a violation of what is not ours is counted and marked', () => {
  const marked = reportPage({ ...report, findings: countedApart });
  expect(marked).toMatch(/1 of them belongs to AWS or the landing zone/);
  expect(marked.match(/>AWS or landing zone</g)).toHaveLength(1);
  expect(page).not.toMatch(/landing zone/);
});

test('nothing that others named becomes markup', () => {
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

test('a report of nothing is a page all the same', () => {
  const empty = reportPage({ ...report, findings: [], plans: [], changes: [], unreadable: [] });
  expect(empty).toContain('Nothing violates.');
  expect(empty).not.toContain('NaN');
});
