import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { call, change, undoCall, type CallStep, type Fix } from '@compliance/core/rule';
import type * as z from 'zod';

import type { Entity } from './entities.ts';
import type { Facts, Handles } from './observe.ts';

interface Context {
  readonly facts: z.infer<typeof Facts>;
  readonly handles: z.infer<typeof Handles>;
  readonly parameters: { readonly allowedPolicyArns: readonly string[] };
}

/** Creates the fix that detaches a policy from these entities, if an administrator is left who could undo it. */
export const detachPolicy = (
  entities: readonly Entity[],
  { facts: { arn }, handles: { administrators, rolesInUse }, parameters }: Context,
): Fix => {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const attached = entities
    .map(
      (one) =>
        `${one.kind} ${one.name}${rolesInUse.includes(one.name) && one.kind === 'role' ? ' (in use)' : ''}`,
    )
    .join(', ');
  if (parameters.allowedPolicyArns.length === 0)
    return {
      manual: `Grant ${attached} only what they need, then detach ${name}. For an automatic fix, name the policies that administrators keep in allowedPolicyArns.`,
    };
  if (administrators.length === 0)
    return {
      manual: `Attach AdministratorAccess to a role of your administrators before ${name} is detached from ${attached}: nobody else has it.`,
    };
  return change({
    description: `Detach ${name} from ${attached}, which then lack all that no other policy grants`,
    risk: 'disruptive',
    steps: entities.map(({ kind, name: entity }) => DETACH[kind](entity, arn)),
    inCode: {
      terraform: `aws_iam_role_policy_attachment (or of a user or group): another policy_arn than that of ${name}`,
      cloudFormation: `AWS::IAM::ManagedPolicy: Statement without Action "*" on Resource "*"`,
    },
  });
};

const GONE = { alreadyDone: ['NoSuchEntityException'] };

const DETACH: Readonly<Record<Entity['kind'], (name: string, PolicyArn: string) => CallStep>> = {
  user: (UserName, PolicyArn) => {
    const undo = undoCall(IAMClient, AttachUserPolicyCommand, { UserName, PolicyArn });
    return call(IAMClient, DetachUserPolicyCommand, { UserName, PolicyArn }, { ...GONE, undo });
  },
  group: (GroupName, PolicyArn) => {
    const undo = undoCall(IAMClient, AttachGroupPolicyCommand, { GroupName, PolicyArn });
    return call(IAMClient, DetachGroupPolicyCommand, { GroupName, PolicyArn }, { ...GONE, undo });
  },
  role: (RoleName, PolicyArn) => {
    const undo = undoCall(IAMClient, AttachRolePolicyCommand, { RoleName, PolicyArn });
    return call(IAMClient, DetachRolePolicyCommand, { RoleName, PolicyArn }, { ...GONE, undo });
  },
};
