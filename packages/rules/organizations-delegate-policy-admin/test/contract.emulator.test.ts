import {
  DescribeResourcePolicyCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-organizations';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { managementAccount } from '@compliance/organization/testing';
import { statementsOf, parsePolicy } from '@compliance/policy-document';

import { rule } from '../src/rule.ts';

const ADMIN = '999988887777';

const statement = (Sid: string, account: string, ...Action: readonly string[]) => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action,
  Resource: '*',
});
const withPolicy =
  (...Statement: readonly object[]) =>
  async (admin: Session) => {
    const Content = JSON.stringify({ Version: '2012-10-17', Statement });
    await admin.client(OrganizationsClient).send(new PutResourcePolicyCommand({ Content }));
  };
const reader = statement('Readers', '444455556666', 'organizations:List*');

/** The statements of others. */
const untouched = async (_: Resource, admin: Session) => {
  const answer = await admin
    .client(OrganizationsClient)
    .send(new DescribeResourcePolicyCommand({}))
    .catch(() => undefined);
  const content = answer?.ResourcePolicy?.Content;
  return content === undefined
    ? []
    : statementsOf(parsePolicy(content)).filter(({ sid }) => sid === reader.Sid);
};

describeRuleContract(rule, {
  parameters: { policyAdminAccountId: ADMIN },
  compliant: {
    'an organization whose policy lets the account manage policies': managementAccount(
      withPolicy(reader, statement('Admin', ADMIN, 'organizations:*Policy', 'organizations:Describe*')),
    ),
  },
  nonCompliant: {
    'an organization without a resource policy': managementAccount(),
    'an organization whose policy lets another account read': managementAccount(withPolicy(reader)),
  },
  notApplicable: {
    'an account in no organization': async (admin) => ({
      resourceType: 'AWS::::Account',
      resourceId: admin.accountId,
    }),
  },
  untouched,
});

describeRuleContract(rule, {
  compliant: {},
  nonCompliant: {},
  manual: {
    'an organization without a resource policy, where the settings name nobody': managementAccount(),
  },
  unproven: {
    'organizations:PutResourcePolicy': 'The contract above proves it.',
    'organizations:DeleteResourcePolicy': 'The contract above proves it.',
  },
});
