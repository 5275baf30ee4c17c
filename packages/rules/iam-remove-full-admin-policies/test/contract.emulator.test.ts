import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const ADMIN = { Effect: 'Allow', Action: '*', Resource: '*' };
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

const textOf = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

const TRUST = textOf({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

interface PolicyFixture {
  /** The statements of its versions; the last one is the default. */
  readonly versions: readonly object[];
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
  /** The resource has the ARN of its policy, like in a listing. */
  readonly named?: boolean;
  readonly administrator?: boolean;
}

/** A policy attached to these entities, beside a role that has another policy and maybe AdministratorAccess. */
const policy =
  ({ versions, users = [], groups = [], roles = [], named = false, administrator = true }: PolicyFixture) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(IAMClient);
    const create = async (PolicyName: string, statement: object) => {
      const PolicyDocument = textOf(statement);
      const { Policy } = await client.send(
        new CreatePolicyCommand({ PolicyName, Path: '/teams/', PolicyDocument }),
      );
      return { PolicyArn: Policy?.Arn ?? '', id: Policy?.PolicyId ?? '' };
    };
    const role = async (RoleName: string, ...arns: readonly string[]) => {
      await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
      for (const PolicyArn of arns) await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    };
    const other = await create('other', READ);
    await role('bystander', other.PolicyArn, ...(administrator ? [ADMINISTRATOR_ACCESS] : []));

    const [first = READ, ...later] = versions;
    const { PolicyArn, id } = await create('contract', first);
    for (const statement of later)
      await client.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: textOf(statement), SetAsDefault: true }),
      );
    for (const RoleName of roles) await role(RoleName, PolicyArn);
    for (const UserName of users) {
      await client.send(new CreateUserCommand({ UserName }));
      await client.send(new CreateAccessKeyCommand({ UserName }));
      await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    }
    for (const GroupName of groups) {
      await client.send(new CreateGroupCommand({ GroupName }));
      await client.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
    }
    const resource = { resourceType: 'AWS::IAM::Policy', resourceId: id };
    return named ? { ...resource, arn: PolicyArn } : resource;
  };

const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess';

const item = async (resource: Resource, admin: Session) => {
  const { Policies = [] } = await admin
    .client(IAMClient)
    .send(new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'] }));
  const found = Policies.find(({ PolicyId }) => PolicyId === resource.resourceId);
  return itemOf(resource, admin, {
    arn: found?.Arn ?? '',
    resourceName: found?.PolicyName,
    configuration: {
      attachmentCount: found?.AttachmentCount,
      policyVersionList: found?.PolicyVersionList?.map(({ VersionId, IsDefaultVersion, Document }) => ({
        versionId: VersionId,
        isDefaultVersion: IsDefaultVersion,
        document: Document,
      })),
    },
  });
};

/** The role beside, and the documents of all policies: a fix edits none. */
const untouched = async (_: Resource, admin: Session) => {
  const { RoleDetailList = [], Policies = [] } = await admin
    .client(IAMClient)
    .send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role', 'LocalManagedPolicy'] }));
  return {
    roles: RoleDetailList.filter(({ RoleName }) => RoleName === 'bystander'),
    policies: Policies.map(({ Arn, DefaultVersionId, PolicyVersionList }) => [
      Arn,
      DefaultVersionId,
      PolicyVersionList,
    ]),
  };
};

describeRuleContract(rule, {
  parameters: { allowedPolicyArns: ['arn:{partition}:iam::{accountId}:policy/admins'] },
  compliant: {
    'a full-admin policy that is not attached': policy({ versions: [ADMIN] }),
    'an attached policy whose default version is not the full-admin one': policy({
      versions: [ADMIN, READ],
      users: ['ann'],
      named: true,
    }),
    'a full-admin policy of exempt roles': policy({
      versions: [ADMIN],
      roles: ['OrganizationAccountAccessRole'],
    }),
  },
  nonCompliant: {
    'a full-admin policy of a user, a group and a role': policy({
      versions: [READ, ADMIN],
      users: ['ann'],
      groups: ['admins'],
      roles: ['deploy'],
      named: true,
    }),
  },
  manual: {
    'a full-admin policy of an account without another administrator': policy({
      versions: [ADMIN],
      roles: ['deploy'],
      administrator: false,
    }),
  },
  item,
  untouched,
  gone: {
    resourceType: 'AWS::IAM::Policy',
    resourceId: 'ANPAEXAMPLEOFNOTHING1',
    arn: 'arn:aws:iam::111122223333:policy/gone',
  },
});
