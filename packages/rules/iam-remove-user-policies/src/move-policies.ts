import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { call, change, firstOf, shortened, undoCall, type CallStep, type Fix } from '@compliance/core/rule';
import { detach } from '@compliance/iam-account';
import * as z from 'zod';

import type { Handles } from './observe.ts';

/** IAM's variable for the name of a user. */
const USER_NAME = '${aws:username}';

export const Parameters = z.object({
  mode: z
    .enum(['moveToGroup', 'detachOnly'])
    .default('moveToGroup')
    .describe(
      'moveToGroup: a fix grants the same through a new group first. detachOnly: it only removes policies.',
    ),
  groupName: z
    .string()
    .includes(USER_NAME)
    .nullable()
    .default(null)
    .describe(
      `The group that a fix creates for a user, such as users-${USER_NAME}. Each user gets one of its own: members of one group would get the policies of each other. null: a person moves the policies.`,
    ),
});

/** AWS's quotas of groups per user and of managed policies per group. */
const QUOTA = 10;

/** Creates the fix that gives the user the same policies through a group before it removes them from the user. */
export const movePolicies = (handles: Handles, { mode, groupName }: z.infer<typeof Parameters>): Fix => {
  const { userName, attached, groups, inUse } = handles;
  const user = `user ${shortened(userName, 30)}${inUse ? ' (in use)' : ''}`;
  if (mode === 'detachOnly') {
    const left = groups.length === 0 ? 'no permission' : `only what its groups grant (${firstOf(groups)})`;
    return fixOf(`Remove all policies of ${user}, which then has ${left}`, removal(handles));
  }
  if (groupName === null)
    return { manual: `Grant what user ${userName} needs through a group, then remove its policies.` };
  const group = groupName.replaceAll(USER_NAME, userName);
  if (groups.includes(group))
    return {
      manual: `Move the policies of user ${userName} to its group ${group}, and check its members before.`,
    };
  if (groups.length >= QUOTA || attached.length > QUOTA)
    return {
      manual: `Merge the policies or groups of user ${userName}: a user can be in ${QUOTA} groups, and a group have ${QUOTA} managed policies. Then move them to a group.`,
    };
  return fixOf(`Move the policies of ${user} to a new group ${shortened(group)}`, [
    ...grant(handles, group),
    // Removed last, so that the user always has the permissions.
    ...removal(handles),
  ]);
};

/** Disruptive in either mode: IAM may apply the removal before the group. */
const fixOf = (description: string, steps: readonly CallStep[]): Fix =>
  change({
    description,
    risk: 'disruptive',
    steps,
    inCode: {
      terraform:
        'aws_iam_user_policy, aws_iam_user_policy_attachment: use aws_iam_group_policy, aws_iam_group_policy_attachment and aws_iam_user_group_membership instead',
      cloudFormation: 'AWS::IAM::User: Groups instead of Policies and ManagedPolicyArns',
    },
  });

const grant = ({ userName, inline, attached }: Handles, GroupName: string): CallStep[] => [
  // Fails when the group exists: its members, if it has any, must not get these policies.
  call(
    IAMClient,
    CreateGroupCommand,
    { GroupName },
    { undo: undoCall(IAMClient, DeleteGroupCommand, { GroupName }, GONE) },
  ),
  ...attached.map((PolicyArn) =>
    call(
      IAMClient,
      AttachGroupPolicyCommand,
      { GroupName, PolicyArn },
      {
        undo: undoCall(IAMClient, DetachGroupPolicyCommand, { GroupName, PolicyArn }, GONE),
      },
    ),
  ),
  ...inline.map(({ name: PolicyName, document: PolicyDocument }) =>
    call(
      IAMClient,
      PutGroupPolicyCommand,
      { GroupName, PolicyName, PolicyDocument },
      {
        undo: undoCall(IAMClient, DeleteGroupPolicyCommand, { GroupName, PolicyName }, GONE),
      },
    ),
  ),
  call(
    IAMClient,
    AddUserToGroupCommand,
    { GroupName, UserName: userName },
    {
      undo: undoCall(IAMClient, RemoveUserFromGroupCommand, { GroupName, UserName: userName }, GONE),
    },
  ),
];

const removal = ({ userName: UserName, inline, attached }: Handles): CallStep[] => [
  ...attached.map((policyArn) => detach({ kind: 'user', name: UserName }, policyArn)),
  ...inline.map(({ name: PolicyName, document: PolicyDocument }) =>
    call(
      IAMClient,
      DeleteUserPolicyCommand,
      { UserName, PolicyName },
      {
        ...GONE,
        undo: undoCall(IAMClient, PutUserPolicyCommand, { UserName, PolicyName, PolicyDocument }),
      },
    ),
  ),
];

const GONE = { alreadyDone: ['NoSuchEntityException'] };
