import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { reportPage } from '../src/page/report-page.ts';
import { change, exemptAndExcluded, findings, plan, report } from './sample-report.ts';

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
  ['the compliant share of all, unknown ones too', '42 %'],
  ['the formula of the share', 'compliant ÷ (compliant + non-compliant + unknown), rounded down'],
  ['the course from the most violations to the present ones', '<b>27 → 3</b>'],
  ['the change in words, with facts before and after', 'status: &quot;Off&quot; → &quot;Enabled&quot;'],
  [
    'the call of a change and its outcome',
    's3:PutBucketVersioning {&quot;Bucket&quot;:&quot;backups&quot;} (done)',
  ],
  ['who approved a change', 'Approved by <code>arn:aws:iam::999988887777:user/ada</code>'],
  ['when and why a change was approved', '2026-11-20 10:10 UTC: Reviewed with the owner.'],
  ['the owner of a change', 'Owner: payments'],
  ['the exact call of a plan', 's3:PutBucketVersioning'],
  ['the difference an edit makes', 'MinimumPasswordLength: 8 → 14'],
  ['the change that was made', 'Turn versioning on for bucket backups'],
  ['resources that could not be evaluated', 'locked-away'],
])('the page shows %s', (_, text) => {
  expect(page).toContain(text);
});

test('what failed is unknown and not compliant, also with an older verdict', () => {
  const [, compliant] = findings;
  const unreadable = [{ ...compliant, message: 'AccessDenied' }];
  expect(reportPage({ ...report, unreadable })).toContain('33 %');
  expect(reportPage({ ...report, unreadable: [] })).toContain('50 %');
});

test('a green report has the controls of each rule', () => {
  const green = findings.filter(({ complianceType }) => complianceType === 'COMPLIANT');
  const text = reportPage({ ...report, findings: green, unreadable: [], plans: [], changes: [] });
  expect(text).toContain('100 %');
  expect(text).toContain('cis-7.0 5.3');
  expect(text).toContain('aws-fsbp S3.14');
});

test('exempt resources are listed by exemption, and every finding has its owner', () => {
  const owned = exemptAndExcluded.map((finding) => ({ ...finding, owner: 'team-7' }));
  const text = reportPage({ ...report, findings: owned });
  expect(text).toContain('>EX-1</span>');
  expect(text).toContain('Exempt by EX-1 until 2027-01-01.');
  expect(text).toMatch(/<td>team-7<\/td>\s*<td>3<\/td>\s*<td>1<\/td>\s*<td>0<\/td>/);
});

test('all of a change is outside of folded elements, so that it is printed', () => {
  const start = page.indexOf('Changes made');
  expect(page.slice(start, page.indexOf('<h2>', start))).not.toContain('<details');
});

test('changes are grouped by day and rule, the newest day first', () => {
  const older = { ...change, id: 'event-2', changeId: 'change-2', time: '2026-11-18T10:00:00.000Z' };
  const text = reportPage({ ...report, changes: [older, change, { ...change, changeId: 'change-3' }] });
  const at = (part: string) => text.indexOf(part);
  expect(at('<h3>2026-11-20</h3>')).toBeLessThan(at('<h3>2026-11-18</h3>'));
  expect(text).toContain('2 changes');
});

test('an automatic change says so, and an undone one who undid it', () => {
  const { approval: _, ...automatic } = change;
  const undone = {
    type: 'change-undone' as const,
    schemaVersion: 2 as const,
    id: 'event-3',
    time: '2026-11-20T11:00:00.000Z',
    executionId: 'operator-1',
    changeId: 'change-0123456789abcdef',
    actor: 'jo',
    outcome: 'undone' as const,
    reason: 'The owner asked for it.',
  };
  const text = reportPage({ ...report, changes: [{ ...automatic, undone }] });
  expect(text).toContain('automatic');
  expect(text).toContain('Undo requested by <code>jo</code>, 2026-11-20 11:00 UTC: The owner asked for it.');
});

describe('a report of 1,000 accounts', () => {
  const accountIds = Array.from({ length: 1000 }, (_, index) => String(100_000_000_000 + index));
  const [sample] = findings;
  const many = accountIds.flatMap((accountId) =>
    Array.from({ length: 40 }, (_, rule) => ({
      ...sample,
      command: `RULE_${rule}`,
      resourceType: 'AWS::S3::Bucket',
      complianceType: 'NON_COMPLIANT' as const,
      region: 'eu-west-1',
      resourceId: `bucket-of-${accountId}`,
      accountId,
    })),
  );
  const changes = accountIds.flatMap((id) =>
    Array.from({ length: 5 }, (_, n) => ({ ...change, changeId: `change-${id}-${n}` })),
  );
  const accountUnits = Object.fromEntries(accountIds.map((id, index) => [id, `unit-${index % 20}`]));
  const text = reportPage({ ...report, findings: many, changes, accountUnits });

  test('its grid is by unit', () => {
    expect(text).toContain('Rules by unit');
    expect(text).toContain('title="50 accounts">unit-7<');
    expect(text).toContain('✗ 50/50');
  });

  test('it has the 100 worst rows of a rule, and says how many more there are and where', () => {
    expect(text.match(/bucket-of-/g)).toHaveLength(40 * 100);
    expect(text).toContain(
      '900 more violations. All of them: <code>compliance scan --rule RULE_7 --format csv',
    );
    expect(text).toContain('4900 more older change');
  });

  test('it can be opened: less than 4 MB and 60,000 elements', () => {
    expect(text.length).toBeLessThan(4_000_000);
    expect(text.match(/<[a-z]/g)?.length).toBeLessThan(60_000);
  });
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
  const empty = reportPage({ ...report, findings: [], plans: [], changes: [], unreadable: [], course: [] });
  expect(empty).toContain('No violations.');
  expect(empty).not.toContain('NaN');
});

test('what was not evaluated is in the same order, whichever failed first', () => {
  const unreadable = ['111122223333', '444455556666'].map((accountId) => ({ accountId, message: 'refused' }));
  expect(reportPage({ ...report, unreadable: unreadable.toReversed() })).toBe(
    reportPage({ ...report, unreadable }),
  );
});
