import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');

const judged = (protocol: 'tcp' | 'udp' | 'all', fromPort: number, toPort: number, source: string) =>
  rule.judge(
    { ownerId: accountId, ingress: [{ protocol, fromPort, toPort, source }], prefixLists: {} },
    {
      parameters: rule.parameters.parse({}),
      accountId,
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20'),
    },
  ).complianceType;

test.for([
  ['RDP', 'NON_COMPLIANT', 'tcp', 3389, 3389, '0.0.0.0/0'],
  ['RDP over UDP', 'NON_COMPLIANT', 'udp', 3389, 3389, '0.0.0.0/0'],
  ['all traffic', 'NON_COMPLIANT', 'all', 0, 65_535, '0.0.0.0/0'],
  ['SSH', 'COMPLIANT', 'tcp', 22, 22, '0.0.0.0/0'],
] as const)('a group that admits %s is %s', ([, expected, protocol, fromPort, toPort, source]) => {
  expect(judged(protocol, fromPort, toPort, source)).toBe(expected);
});
