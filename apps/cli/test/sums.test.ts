import { AccountId } from '@compliance/core';
import type { Finding } from '@compliance/report';
import { expect, test } from 'vitest';

import { createSums } from '../src/commands/scan/organization/sums.ts';

const id = AccountId.parse('111122223333');

const violationOf = (command: string): Finding => ({
  accountId: id,
  region: 'eu-west-1',
  command,
  severity: 'high',
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'logs',
  complianceType: 'NON_COMPLIANT',
});

test('the summary has the same order, whichever rule ends first', () => {
  const textOf = (commands: readonly string[]) => {
    const sums = createSums();
    for (const command of commands)
      sums.add({ id, name: id, groups: [] }, [violationOf(command)], () => false);
    return sums.text();
  };
  expect(textOf(['S3_ONE', 'S3_TWO'])).toBe(textOf(['S3_TWO', 'S3_ONE']));
});
