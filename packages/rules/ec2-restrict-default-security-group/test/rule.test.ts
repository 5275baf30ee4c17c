import { AccountId, parseConfigurationItem } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-1' };
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const own = { direction: 'ingress', protocol: '-1', peer: 'sg-1' } as const;
const everywhere = { direction: 'egress', protocol: '-1', peer: '0.0.0.0/0' } as const;
const everywhere6 = { ...everywhere, peer: '::/0' } as const;

describe('judge', () => {
  const facts = { ownerId: accountId, isDefault: true, rules: [] };

  test.for([
    ['the rule that admits the group itself', [own], 'all traffic from sg-1'],
    ['the rule that lets everything out', [everywhere], 'all traffic to 0.0.0.0/0'],
    ['the second egress rule of a VPC with IPv6', [everywhere6], 'all traffic to ::/0'],
    [
      'many rules',
      [22, 80, 443, 8080].map((port) => ({ ...own, protocol: 'tcp', fromPort: port, toPort: port + 1 })),
      'tcp 22-23 from sg-1, tcp 80-81 from sg-1, tcp 443-444 from sg-1 and 1 more',
    ],
  ] as const)('%s is a violation', ([, rules, found]) => {
    expect(rule.judge({ ...facts, rules: [...rules] }, context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: `The default security group allows ${found}.`,
    });
  });

  test('a group with another name is NOT_APPLICABLE', () => {
    expect(rule.judge({ ...facts, isDefault: false }, context())).toMatchObject({
      complianceType: 'NOT_APPLICABLE',
    });
  });

  test('a default group that another account shares is NOT_APPLICABLE, because only its owner can change it', () => {
    expect(rule.judge({ ...facts, ownerId: '444455556666', rules: [own] }, context())).toMatchObject({
      complianceType: 'NOT_APPLICABLE',
    });
  });
});

describe('the configuration item', () => {
  const itemWith = (configuration: object) =>
    rule.observe.item?.(
      parseConfigurationItem({
        awsAccountId: accountId,
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
        configuration: {
          ownerId: accountId,
          groupName: 'default',
          ipPermissions: [],
          ipPermissionsEgress: [],
          ...configuration,
        },
      }),
    );

  test('an item of a group named Default is not the one of a default group', () => {
    expect(itemWith({ groupName: 'Default' })?.facts.isDefault).toBe(false);
  });

  test('an item without the egress of the group gives no facts', () => {
    expect(itemWith({ ipPermissionsEgress: undefined })).toBeUndefined();
  });
});

describe('fix', () => {
  const rules = [{ ...own, ruleId: 'sgr-1', peerAccount: accountId, tags: [] }];
  const fixOf = (interfaces: string[], parameters: object = {}) =>
    rule.fix?.({
      ...context(parameters),
      resource,
      facts: { ownerId: accountId, isDefault: true, rules: [own] },
      handles: { rules, interfaces },
    });

  test('a group in use is left to a person, with the network interfaces that use it', () => {
    expect(fixOf(['eni-1', 'eni-2'])).toEqual({
      manual: 'Give what uses the default group sg-1 another group: eni-1, eni-2.',
    });
  });

  test('the plan for a group in use names the network interfaces where the settings allow it', () => {
    expect(fixOf(['eni-1', 'eni-2'], { onlyIfUnused: false })).toMatchObject({
      risk: 'disruptive',
      description: 'Revoke all rules of the default group sg-1 (used by eni-1, eni-2)',
    });
  });

  test('an undo admits the group itself again', () => {
    expect(fixOf([])).toMatchObject({
      steps: [
        {
          input: { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] },
          undo: {
            input: {
              IpPermissions: [
                { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1', UserId: accountId }] },
              ],
            },
          },
        },
      ],
    });
  });
});
