import { engineGrants, grantAction, type Grant } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { describe, expect, test } from 'vitest';

import { memberRoles, policiesIn } from '../src/policies/member-roles.ts';
import { policyCharacters, type NamedPolicy } from '../src/policies/split-policy.ts';
import { MASTER, MEMBER, SANDBOX, aRule } from './examples.ts';

const place = {
  partition: 'aws',
  masterAccountId: MASTER,
  memberAccountId: MEMBER,
  externalId: 'an-external-id',
  regions: ['eu-west-1', 'us-east-1'],
};
const rule = (command: string, grant: string | readonly Grant[]) => {
  const one = typeof grant === 'string' ? [`${grant}:One`] : grant;
  const own = typeof grant === 'string' ? grant : 's3';
  return aRule(command, {
    permissions: { list: [`${own}:List`], get: one, fix: [`${own}:Fix`], undo: [`${own}:Undo`] },
  });
};
const actions = (policies: readonly NamedPolicy[]) =>
  policies.flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action)).toSorted();

describe('permissions', () => {
  const { evaluate, remediate, automation } = memberRoles({
    ...place,
    rules: [rule('S3_A', 's3'), rule('EC2_A', 'ec2')],
  });

  test('the evaluate role lists and observes, and fixes nothing', () => {
    expect(actions(evaluate.policies)).toEqual(
      [...engineGrants.evaluate.map(grantAction), 'ec2:List', 'ec2:One', 's3:List', 's3:One'].toSorted(),
    );
  });
  test('the remediate role observes, fixes and reverts, and lists nothing', () => {
    expect(actions(remediate.policies)).toEqual(
      [
        ...engineGrants.remediate.map(grantAction),
        ...['ec2', 's3'].flatMap((service) => [`${service}:Fix`, `${service}:One`, `${service}:Undo`]),
      ].toSorted(),
    );
  });
  test('the automation role may only invoke the unqualified remediation function of each Region', () => {
    expect(automation.policies).toEqual([
      {
        name: 'compliance-automation',
        document: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['lambda:InvokeFunction'],
              Resource: [
                'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation',
                'arn:aws:lambda:us-east-1:999988887777:function:compliance-generic-remediation',
              ],
            },
          ],
        },
      },
    ]);
  });
});

describe('a rule that is only for the management account', () => {
  const rules = [
    rule('S3_A', 's3'),
    { ...rule('ORG_A', 'organizations'), only: 'management-account' },
  ] as const;
  const own = (managementAccountId: string | undefined, accountId: string) => {
    const { evaluate, remediate } = memberRoles({ ...place, rules, managementAccountId });
    return [evaluate, remediate].map((role) =>
      actions(policiesIn(role, accountId)).filter((action) => action.startsWith('organizations:')),
    );
  };
  const read = ['organizations:List', 'organizations:One'];
  const fixes = ['organizations:Fix', 'organizations:One', 'organizations:Undo'];

  test.for([
    ['the master account', undefined, MASTER, [read, fixes]],
    ['a member, which is not the master account', undefined, MEMBER, [[], []]],
    ['the management account of the settings', SANDBOX, SANDBOX, [read, fixes]],
    ['the master account, when the settings name another', SANDBOX, MASTER, [[], []]],
  ] as const)('%s has exactly its permissions', ([, management, accountId, expected]) => {
    expect(own(management, accountId)).toEqual(expected);
  });
  test('its permissions count for the policies that a role may have', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      action: `s3:Get${index}`,
      resource: `arn:aws:s3:::a-bucket-${index}/*`,
    }));
    const large = { ...rule('ORG_A', many), only: 'management-account' } as const;
    expect(() => memberRoles({ ...place, rules: [large] })).toThrow('has too many policies');
  });
});

describe('trust', () => {
  const reader = 'arn:aws:iam::999988887777:role/security/audit';
  const roles = memberRoles({ ...place, rules: [], readerPrincipalArns: [reader] });
  const execution = (name: string) => `arn:aws:iam::999988887777:role/compliance-generic-${name}-execution`;

  test.for([
    ['evaluate', [execution('rule'), reader]],
    ['remediate', [execution('remediation')]],
  ] as const)(
    'the %s role trusts exactly %o of the master account, with the external id',
    ([role, principals]) => {
      expect(roles[role].trust.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: 'arn:aws:iam::999988887777:root' },
          Condition: {
            ArnEquals: { 'aws:PrincipalArn': principals },
            StringEquals: { 'sts:ExternalId': 'an-external-id' },
          },
        },
      ]);
    },
  );
  test('the automation role trusts SSM for executions in the member itself', () => {
    expect(roles.automation.trust.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'ssm.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': MEMBER },
          ArnLike: { 'aws:SourceArn': 'arn:aws:ssm:*:111122223333:automation-execution/*' },
        },
      },
    ]);
  });
  test.for(['*', 'arn:aws:iam::999988887777:role/*', 'arn:aws:iam::999988887777:root', '999988887777'])(
    'the reader %s is refused',
    (arn) => {
      expect(() => memberRoles({ ...place, rules: [], readerPrincipalArns: [arn] })).toThrow(
        'Name readers one by one',
      );
    },
  );
  test('more readers than a trust policy holds are refused', () => {
    const readerPrincipalArns = Array.from({ length: 50 }, (_, index) => `${reader}-${index}`);
    expect(() => memberRoles({ ...place, rules: [], readerPrincipalArns })).toThrow(
      'Let the readers share a role',
    );
  });
});

describe('limits', () => {
  const bucketGrants = (count: number): readonly Grant[] =>
    Array.from({ length: count }, (_, index) => ({
      action: `s3:Get${index}`,
      resource: `arn:aws:s3:::a-bucket-${1000 + index}/*`,
    }));
  const evaluate = (count: number) =>
    memberRoles({ ...place, rules: [rule('S3_A', bucketGrants(count))] }).evaluate;

  test('a policy that exceeds the limit of IAM is split without losing a grant', () => {
    const { policies } = evaluate(200);
    expect(policies.map(({ name }) => name)).toEqual([
      'compliance-evaluate',
      'compliance-evaluate-2',
      'compliance-evaluate-3',
    ]);
    for (const { document } of policies) expect(policyCharacters(document)).toBeLessThanOrEqual(6144);
    expect(actions(policies)).toHaveLength(200 + 1 + engineGrants.evaluate.length);
  });
  test('a statement of 400 actions is split as well', () => {
    const grants = Array.from({ length: 400 }, (_, index) => `service:AnActionNumber${index}`);
    const { policies } = memberRoles({ ...place, rules: [rule('S3_A', grants)] }).evaluate;
    expect(policies.length).toBeGreaterThan(1);
    expect(actions(policies)).toHaveLength(400 + 1 + engineGrants.evaluate.length);
  });
  test('more policies than a role takes are refused', () => {
    expect(() => evaluate(1000)).toThrow(/compliance-evaluate has too many policies: \d+; IAM's limit is 10/);
  });
  test('a grant that is too large by itself is refused', () => {
    const resource = Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::a-bucket-${index}`);
    expect(() => memberRoles({ ...place, rules: [rule('S3_A', [{ action: 's3:Get', resource }])] })).toThrow(
      'exceeds the 6144 characters of a policy',
    );
  });
  test('the order of the rules does not change the roles', () => {
    const rules = [rule('S3_A', bucketGrants(150)), rule('EC2_A', 'ec2')];
    expect(memberRoles({ ...place, rules: rules.toReversed() })).toEqual(memberRoles({ ...place, rules }));
  });
});

test('the grants of all real rules fit into the roles', async () => {
  const rules = await loadAllRules();
  expect(() => memberRoles({ ...place, rules })).not.toThrow();
});
