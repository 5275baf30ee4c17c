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
import { managedPolicyArn, type AttachedTo } from '@compliance/iam-account';

interface Entity {
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
}

/** Users, groups and roles in one list. */
export const everyoneIn = ({ users, groups, roles }: AttachedTo): readonly Entity[] => [
  ...users.map((name) => ({ kind: 'user', name }) as const),
  ...groups.map((name) => ({ kind: 'group', name }) as const),
  ...roles.map((name) => ({ kind: 'role', name }) as const),
];

/** Detaches a policy of AWS from everyone but the roles of IAM Identity Center, which only that service changes. */
export const detachFromAll = (policy: string, facts: AttachedTo, partition: string): Fix<AttachedTo> => {
  const arn = managedPolicyArn(policy, partition);
  const everyone = everyoneIn(facts);
  const inPermissionSets = everyone.filter(({ name }) => name.startsWith('AWSReservedSSO_'));
  const advice = `Remove ${policy} from the permission sets of ${inPermissionSets.map(({ name }) => name).join(', ')} in IAM Identity Center, and provision them again.`;
  const others = everyone.filter((entity) => !inPermissionSets.includes(entity));
  if (others.length === 0) return { manual: advice };
  return change({
    description: `Detach ${policy} from ${others.map(({ kind, name }) => `${kind} ${name}`).join(', ')}; their CloudShell stops`,
    // CloudShell works for them now, and stops.
    risk: 'disruptive',
    inCode: {
      terraform: `aws_iam_user_policy_attachment, aws_iam_group_policy_attachment, aws_iam_role_policy_attachment: remove those of ${policy}`,
      cloudFormation: `AWS::IAM::User, AWS::IAM::Group, AWS::IAM::Role: remove ${policy} from ManagedPolicyArns`,
    },
    steps: others.map((entity) => detach(entity, arn)),
    ...(inPermissionSets.length > 0 && { effectiveAfter: { manual: advice } }),
  });
};

const GONE = { alreadyDone: ['NoSuchEntityException'] };

const detach = ({ kind, name }: Entity, PolicyArn: string): CallStep => {
  if (kind === 'user') {
    const input = { UserName: name, PolicyArn };
    const undo = undoCall(IAMClient, AttachUserPolicyCommand, input);
    return call(IAMClient, DetachUserPolicyCommand, input, { ...GONE, undo });
  }
  if (kind === 'group') {
    const input = { GroupName: name, PolicyArn };
    const undo = undoCall(IAMClient, AttachGroupPolicyCommand, input);
    return call(IAMClient, DetachGroupPolicyCommand, input, { ...GONE, undo });
  }
  const input = { RoleName: name, PolicyArn };
  const undo = undoCall(IAMClient, AttachRolePolicyCommand, input);
  return call(IAMClient, DetachRolePolicyCommand, input, { ...GONE, undo });
};
