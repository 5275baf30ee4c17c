import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { managementAccount, withMember } from '@compliance/organization/testing';

import { rule } from '../src/rule.ts';

const ONE = '111122223333';
const TWO = '444455556666';

const rootOf = async (admin: Session): Promise<string> => {
  const { Roots: [root] = [] } = await admin.client(OrganizationsClient).send(new ListRootsCommand({}));
  return root?.Id ?? '';
};

const scpsOn = async (admin: Session) => {
  await admin
    .client(OrganizationsClient)
    .send(new EnablePolicyTypeCommand({ RootId: await rootOf(admin), PolicyType: 'SERVICE_CONTROL_POLICY' }));
};

/** Attaches a policy that denies these actions, to the root unless given. */
const denying =
  (Action: readonly string[], target: (admin: Session) => Promise<string> = rootOf) =>
  async (admin: Session) => {
    const client = admin.client(OrganizationsClient);
    const { Policy } = await client.send(
      new CreatePolicyCommand({
        Name: `deny-${Action.length}`,
        Description: 'a guardrail',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action, Resource: '*' }],
        }),
      }),
    );
    const TargetId = await target(admin);
    await client.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
  };

/** A unit with the account. */
const unitWith = (AccountId: string) => async (admin: Session) => {
  const client = admin.client(OrganizationsClient);
  const ParentId = await rootOf(admin);
  const { OrganizationalUnit: unit } = await client.send(
    new CreateOrganizationalUnitCommand({ ParentId, Name: 'workloads' }),
  );
  await client.send(
    new MoveAccountCommand({ AccountId, SourceParentId: ParentId, DestinationParentId: unit?.Id }),
  );
  return unit?.Id ?? '';
};

const BASELINE = [
  'cloudtrail:*',
  'config:Stop*',
  'guardduty:DeleteDetector',
  'organizations:LeaveOrganization',
];
const members = [withMember(ONE), withMember(TWO)];

describeRuleContract(rule, {
  compliant: {
    'an organization with a baseline at its root': managementAccount(...members, scpsOn, denying(BASELINE)),
    'an organization whose baseline comes from unit and account together': managementAccount(
      withMember(ONE),
      scpsOn,
      denying(BASELINE.slice(0, 2), unitWith(ONE)),
      denying(BASELINE.slice(1), async () => ONE),
    ),
  },
  nonCompliant: {},
  manual: {
    'an organization in which only FullAWSAccess is attached': managementAccount(...members, scpsOn),
    'an organization whose service control policies are off': managementAccount(
      ...members,
      denying(BASELINE),
    ),
    'an organization with a baseline for one unit alone': managementAccount(
      ...members,
      scpsOn,
      denying(BASELINE, unitWith(ONE)),
    ),
  },
  notApplicable: {
    'an organization without members': managementAccount(),
    'an account in no organization': async (admin) => ({
      resourceType: 'AWS::::Account',
      resourceId: admin.accountId,
    }),
  },
});
