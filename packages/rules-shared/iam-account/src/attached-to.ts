import { IAMClient, paginateListEntitiesForPolicy } from '@aws-sdk/client-iam';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** The names of those that have a policy, sorted. */
export const AttachedTo = z.object({
  users: z.array(z.string()),
  groups: z.array(z.string()),
  roles: z.array(z.string()),
});
export type AttachedTo = z.infer<typeof AttachedTo>;

/** The ARN of a policy of AWS. */
export const managedPolicyArn = (name: string, partition: string): string =>
  `arn:${partition}:iam::aws:policy/${name}`;

/**
 * Reads whose permissions include a policy. One that is only somebody's boundary grants nothing.
 * A policy that does not exist, as one of AWS in another partition, is attached to nobody.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
 */
export const attachedTo = async (
  arn: string,
  session: Session,
  { only }: { readonly only?: 'Role' } = {},
): Promise<AttachedTo> => {
  const pages = await pagesOf(arn, session, only);
  const namesOf = (names: readonly (string | undefined)[]) =>
    names.filter((found) => found !== undefined).toSorted();
  return {
    users: namesOf(pages.flatMap(({ PolicyUsers = [] }) => PolicyUsers.map(({ UserName }) => UserName))),
    groups: namesOf(pages.flatMap(({ PolicyGroups = [] }) => PolicyGroups.map(({ GroupName }) => GroupName))),
    roles: namesOf(pages.flatMap(({ PolicyRoles = [] }) => PolicyRoles.map(({ RoleName }) => RoleName))),
  };
};

const pagesOf = async (arn: string, session: Session, only: 'Role' | undefined) => {
  const client = session.client(IAMClient);
  const query = {
    PolicyArn: arn,
    PolicyUsageFilter: 'PermissionsPolicy',
    EntityFilter: only,
  } as const;
  try {
    return await Array.fromAsync(paginateListEntitiesForPolicy({ client, pageSize: 1000 }, query));
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return [];
    throw error;
  }
};
