import { parse } from 'csv-parse/sync';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';

import type { Finding } from '../src/finding.ts';
import { findingsCsv } from '../src/findings-csv.ts';
import { findingsJson } from '../src/findings-json.ts';
import { findingsTable } from '../src/findings-table.ts';
import { exemptAndExcluded, findings } from './sample-report.ts';

const [first] = findings;
const named = (resourceId: string): Finding => ({ ...(first as Finding), resourceId });

describe('findingsTable', () => {
  test('a table fits into 80 columns', () => {
    const long = findings.map((finding) => ({ ...finding, resourceId: 'x'.repeat(200) }));
    for (const line of findingsTable(long, { width: 80 }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  test('the table lists the worst rule first and only counts compliant resources', () => {
    const table = findingsTable(findings);
    expect(table.indexOf('HIGH  EC2_RESTRICT')).toBeLessThan(table.indexOf('LOW  S3_ENABLE_VERSIONING'));
    expect(table).toContain('Versioning is Suspended.');
    expect(table).not.toContain('backups');
    expect(table).toContain('3 non-compliant, 3 compliant, 0 not applicable.');
  });

  test('the table counts exempt and externally managed resources separately', () => {
    expect(findingsTable(exemptAndExcluded)).toContain(
      '3 non-compliant (1 managed by AWS or the landing zone), 3 compliant, 1 not applicable (1 exempt).',
    );
  });

  test('colours do not change the text of the table', () => {
    const coloured = findingsTable(findings, { colour: true });
    expect(coloured).not.toBe(findingsTable(findings));
    expect(stripVTControlCharacters(coloured)).toBe(findingsTable(findings));
  });

  test('the table has a user by name, beside the id', () => {
    expect(findingsTable([{ ...named('4oik0toiw2gsa8gxzkix'), resourceName: 'alice' }])).toContain(
      'alice (4oik',
    );
    expect(findingsTable([{ ...named('logs'), resourceName: 'logs' }])).not.toContain('logs (logs)');
  });

  test('the table has the owner of a violation, and who approved its fix', () => {
    const owned = { ...named('logs'), owner: 'payments', approver: 'ada' };
    expect(findingsTable([owned], { width: 200 })).toContain(
      'Versioning is Off. Owner: payments. Fix approved by ada.',
    );
  });

  test('a resource name cannot move the cursor', () => {
    expect(findingsTable([named('\u001b[2Jboo')])).toContain(String.raw`\u001b[2Jboo`);
  });

  test('the table of no findings says that there are no violations', () => {
    expect(findingsTable([])).toContain('No violations.');
  });
});

describe('findingsCsv', () => {
  test('CSV parses back to the same values', () => {
    const odd = named('a,"b"\nc');
    expect(parse(findingsCsv([odd]), { columns: true })).toMatchObject([
      { resourceId: 'a,"b"\nc', severity: 'low' },
    ]);
  });

  test('CSV names the exemption or the exclusion of each finding', () => {
    expect(parse(findingsCsv(exemptAndExcluded), { columns: true })).toMatchObject([
      { exemption: 'EX-1', excluded: '' },
      { exemption: '', excluded: 'aws-controltower*' },
      ...exemptAndExcluded.slice(2).map(() => ({ exemption: '', excluded: '' })),
    ]);
  });

  test('CSV has name, ARN, tags, controls and time of a finding, and what was not evaluated', () => {
    const user: Finding = {
      ...named('4oik0toiw2gsa8gxzkix'),
      resourceName: 'alice',
      arn: 'arn:aws:iam::111122223333:user/alice',
      tags: { team: 'payments', stage: 'prod' },
      controls: { 'cis-7.0': ['2.12'], 'aws-fsbp': ['IAM.3', 'IAM.4'] },
      time: '2026-11-20T12:00:00.000Z',
      owner: 'payments',
      approver: 'arn:aws:iam::999988887777:user/ada',
    };
    const rows = parse(findingsCsv([user], [{ command: 'S3_A', message: 'AccessDenied' }]), {
      columns: true,
    });
    expect(rows).toMatchObject([
      {
        resourceId: '4oik0toiw2gsa8gxzkix',
        resourceName: 'alice',
        arn: 'arn:aws:iam::111122223333:user/alice',
        tags: 'team=payments; stage=prod',
        controls: 'cis-7.0/2.12; aws-fsbp/IAM.3; aws-fsbp/IAM.4',
        time: '2026-11-20T12:00:00.000Z',
        owner: 'payments',
        approver: 'arn:aws:iam::999988887777:user/ada',
      },
      { command: 'S3_A', complianceType: 'INSUFFICIENT_DATA', annotation: 'AccessDenied', resourceId: '' },
    ]);
  });

  test('a spreadsheet runs no CSV value as a formula', () => {
    expect(parse(findingsCsv([named('=1+1;=2')]), { columns: true })).toMatchObject([
      { resourceId: "'=1+1;'=2" },
    ]);
  });

  test('CSV has a header even without findings', () => {
    expect(findingsCsv([])).toBe(
      'accountId,region,command,severity,resourceType,resourceId,complianceType,annotation,exemption,excluded,resourceName,arn,tags,controls,time,owner,approver\n',
    );
  });
});

test.each([
  ['findings', findings],
  ['no findings', []],
])('%s are formatted as a JSON array', (_, value) => {
  expect(JSON.parse(findingsJson(value))).toEqual(value);
});

test('JSON has what was not evaluated as INSUFFICIENT_DATA', () => {
  const unreadable = [{ command: 'S3_A', region: 'eu-west-1', message: 'AccessDenied' }];
  expect(JSON.parse(findingsJson([], unreadable))).toEqual([
    { command: 'S3_A', region: 'eu-west-1', complianceType: 'INSUFFICIENT_DATA', annotation: 'AccessDenied' },
  ]);
});
