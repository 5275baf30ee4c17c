import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = {
  parameters: rule.parameters.parse({}),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};
const open = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const exposed = { grants: ['AllUsers READ', 'AuthenticatedUsers READ_ACP'], publicPolicy: true, block: null };

test.each([
  [
    'no block',
    exposed,
    'its policy is public, its ACL grants AllUsers READ, its ACL grants AuthenticatedUsers READ_ACP',
  ],
  [
    'blocks against new public settings only',
    { ...exposed, grants: [], block: { ...open, BlockPublicAcls: true, BlockPublicPolicy: true } },
    'its policy is public',
  ],
  [
    'a block of its policy only',
    { ...exposed, grants: ['AllUsers READ'], block: { ...open, RestrictPublicBuckets: true } },
    'its ACL grants AllUsers READ',
  ],
])('a public log bucket with %s is NON_COMPLIANT, with all reasons', (_, log, reasons) => {
  expect(rule.judge({ log }, context)).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: `The log bucket is public: ${reasons}.`,
  });
});

test.each([
  ['a public ACL alone is safe to close', { ...exposed, publicPolicy: false }, 'safe'],
  ['a public policy may let other accounts in, so closing it is disruptive', exposed, 'disruptive'],
] as const)('%s', (_, log, risk) => {
  const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'trail-logs' };
  expect(rule.fix?.({ ...context, resource, facts: { log }, handles: undefined })).toMatchObject({ risk });
});
