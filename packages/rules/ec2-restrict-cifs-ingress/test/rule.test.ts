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
  ['CIFS over IPv4', 'NON_COMPLIANT', 'tcp', 445, 445, '0.0.0.0/0'],
  ['CIFS over IPv6', 'NON_COMPLIANT', 'tcp', 445, 445, '::/0'],
  ['all ports over TCP', 'NON_COMPLIANT', 'tcp', 0, 65_535, '0.0.0.0/0'],
  [
    'the NetBIOS session service, whose port is not the one of CIFS',
    'COMPLIANT',
    'tcp',
    139,
    139,
    '0.0.0.0/0',
  ],
] as const)('a group that admits %s is %s', ([, expected, protocol, fromPort, toPort, source]) => {
  expect(judged(protocol, fromPort, toPort, source)).toBe(expected);
});
