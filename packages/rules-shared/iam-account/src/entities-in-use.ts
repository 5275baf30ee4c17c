import { GetGroupCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { hasCode, type Session } from '@compliance/core/rule';
import { USE_READS, isUserInUse, readUser } from '@compliance/iam-credential-report';

import type { Entity } from './detach.ts';

/** The IAM actions of `entitiesInUse`. */
export const IN_USE_READS = ['iam:GetGroup', 'iam:GetRole', 'iam:GetUser', ...USE_READS] as const;

/**
 * Those of which AWS knows a use, which it keeps for 400 days, and groups that have a member: they would lose what a
 * policy grants them.
 */
export const entitiesInUse = async (entities: readonly Entity[], session: Session): Promise<Entity[]> => {
  const client = session.client(IAMClient);
  const used = await Promise.all(entities.map(({ kind, name }) => unlessGone(IS_IN_USE[kind](name, client))));
  return entities.filter((_, index) => used[index]);
};

const IS_IN_USE: Readonly<Record<Entity['kind'], (name: string, client: IAMClient) => Promise<boolean>>> = {
  user: async (name, client) => {
    const user = await readUser(name, client);
    return user !== undefined && isUserInUse(user, client);
  },
  group: async (GroupName, client) => {
    const { Users = [] } = await client.send(new GetGroupCommand({ GroupName, MaxItems: 1 }));
    return Users.length > 0;
  },
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
  role: async (RoleName, client) => {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    return Role?.RoleLastUsed?.LastUsedDate !== undefined;
  },
};

/** What is gone since the listing uses nothing. */
const unlessGone = async (isInUse: Promise<boolean>): Promise<boolean> => {
  try {
    return await isInUse;
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return false;
    throw error;
  }
};
