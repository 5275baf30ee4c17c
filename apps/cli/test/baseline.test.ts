import { expect, test } from 'vitest';

import { readBaseline } from '../src/commands/scan/baseline.ts';
import { failsFrom } from '../src/commands/scan/finding-facts.ts';
import { temporaryFolder } from './temporary-folder.ts';

const finding = (resourceId: string, severity: 'low' | 'high' = 'high') => ({
  accountId: '111122223333',
  region: 'eu-west-1',
  command: 'S3_ENABLE_VERSIONING',
  severity,
  resourceType: 'AWS::S3::Bucket',
  resourceId,
  complianceType: 'NON_COMPLIANT' as const,
});

const KNOWN = [finding('known'), { ...finding('was-fine'), complianceType: 'COMPLIANT' }];

test.each([
  ['JSON', JSON.stringify(KNOWN, null, 2)],
  ['NDJSON', KNOWN.map((row) => `${JSON.stringify(row)}\n`).join('')],
])('with a baseline in %s, only violations that it does not have fail', async (_, text) => {
  const folder = await temporaryFolder({ baseline: text });
  const fails = failsFrom('high', await readBaseline(`${folder}/baseline`));
  expect(fails(finding('known'))).toBe(false);
  expect(fails(finding('new'))).toBe(true);
  expect(fails(finding('was-fine'))).toBe(true);
  expect(fails(finding('new', 'low'))).toBe(false);
});

test('a baseline that is no output of a scan is refused', async () => {
  const folder = await temporaryFolder({ baseline: '{"not":"a finding"}\n' });
  await expect(readBaseline(`${folder}/baseline`)).rejects.toThrow('is no output of compliance scan');
});
