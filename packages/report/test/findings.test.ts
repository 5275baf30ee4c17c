import { parse } from 'csv-parse/sync';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';

import type { Finding } from '../src/finding.ts';
import { findingsCsv } from '../src/findings-csv.ts';
import { findingsJson } from '../src/findings-json.ts';
import { findingsTable } from '../src/findings-table.ts';
import { countedApart, findings } from './sample-report.ts';

const [first] = findings;
const named = (resourceId: string): Finding => ({ ...(first as Finding), resourceId });

describe('findingsTable', () => {
  test('fits into 80 columns', () => {
    const long = findings.map((finding) => ({ ...finding, resourceId: 'x'.repeat(200) }));
    for (const line of findingsTable(long, { width: 80 }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  test('the worst rule comes first; what is compliant is counted', () => {
    const table = findingsTable(findings);
    expect(table.indexOf('HIGH  EC2_RESTRICT')).toBeLessThan(table.indexOf('LOW  S3_ENABLE_VERSIONING'));
    expect(table).toContain('Versioning is Suspended.');
    expect(table).not.toContain('backups');
    expect(table).toContain('3 non-compliant, 3 compliant, 0 not applicable.');
  });

  test('what is exempt and what is not ours is counted apart', () => {
    expect(findingsTable(countedApart)).toContain(
      '3 non-compliant (1 of AWS or the landing zone), 3 compliant, 1 not applicable (1 exempt).',
    );
  });

  test('colours add nothing but colour', () => {
    const coloured = findingsTable(findings, { colour: true });
    expect(coloured).not.toBe(findingsTable(findings));
    expect(stripVTControlCharacters(coloured)).toBe(findingsTable(findings));
  });

  test('a name cannot move the cursor', () => {
    expect(findingsTable([named('\u001b[2Jboo')])).toContain('?[2Jboo');
  });

  test('says so when nothing violates', () => {
    expect(findingsTable([])).toContain('Nothing violates.');
  });
});

describe('findingsCsv', () => {
  test('reads back, whatever the values hold', () => {
    const odd = named('a,"b"\nc');
    expect(parse(findingsCsv([odd]), { columns: true })).toMatchObject([
      { resourceId: 'a,"b"\nc', severity: 'low' },
    ]);
  });

  test('says which exemption covers a finding, and by which name it is not ours', () => {
    expect(parse(findingsCsv(countedApart), { columns: true })).toMatchObject([
      { exemption: 'EX-1', excluded: '' },
      { exemption: '', excluded: 'aws-controltower*' },
      ...countedApart.slice(2).map(() => ({ exemption: '', excluded: '' })),
    ]);
  });

  test('a spreadsheet runs nothing', () => {
    expect(parse(findingsCsv([named('=1+1')]), { columns: true })).toMatchObject([{ resourceId: "'=1+1" }]);
  });

  test('has a header even without findings', () => {
    expect(findingsCsv([])).toBe(
      'accountId,region,command,severity,resourceType,resourceId,complianceType,annotation,exemption,excluded\n',
    );
  });
});

test.each([[findings], [[]]])('findingsJson is a JSON array', (value) => {
  expect(JSON.parse(findingsJson(value))).toEqual(value);
});
