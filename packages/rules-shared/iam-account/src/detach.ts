import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { call, operation, undoCall, type CallStep } from '@compliance/core/rule';

import * as z from 'zod';

import type { AttachedTo } from './attached-to.ts';

/** A user, group or role that a policy is attached to. */
export const Entity = z.object({ kind: z.enum(['user', 'group', 'role']), name: z.string() });
export type Entity = Readonly<z.infer<typeof Entity>>;

/** Users, groups and roles in one list. */
export const entitiesIn = ({ users, groups, roles }: AttachedTo): readonly Entity[] => [
  ...users.map((name) => ({ kind: 'user', name }) as const),
  ...groups.map((name) => ({ kind: 'group', name }) as const),
  ...roles.map((name) => ({ kind: 'role', name }) as const),
];

/** `role deployer` */
export const describeEntity = ({ kind, name }: Entity): string => `${kind} ${name}`;

/** The step that detaches a policy; its undo attaches it. */
export const detach = ({ kind, name }: Entity, policyArn: string): CallStep => DETACH[kind](name, policyArn);

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

/** What the undo of a rule with `detach` may call. */
export const ATTACH_AGAIN = {
  operations: [
    operation(IAMClient, AttachUserPolicyCommand),
    operation(IAMClient, AttachGroupPolicyCommand),
    operation(IAMClient, AttachRolePolicyCommand),
  ],
} as const;
