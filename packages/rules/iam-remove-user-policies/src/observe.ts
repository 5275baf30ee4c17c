import {
  GetUserPolicyCommand,
  IAMClient,
  paginateGetAccountAuthorizationDetails,
  paginateListAttachedUserPolicies,
  paginateListGroupsForUser,
  paginateListUserPolicies,
  type UserDetail,
} from '@aws-sdk/client-iam';
import {
  hasCode,
  type ConfigurationItem,
  type Listed,
  type Observation,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import { findUser, identityOf, isUserInUse, resourceOf } from '@compliance/iam-credential-report';
import { decodePolicy } from '@compliance/policy-document';
import * as z from 'zod';

/** A permissions boundary is none of these: it grants nothing. */
export const Facts = z.object({
  /** Names, sorted. */
  inlinePolicies: z.array(z.string()),
  /** ARNs, sorted. */
  attachedPolicies: z.array(z.string()),
});
type Facts = z.infer<typeof Facts>;

export const Handles = z.object({
  userName: z.string(),
  inline: z.array(z.object({ name: z.string(), document: z.string() })),
  attached: z.array(z.string()),
  /** Whether AWS knows a use of the user's credentials, which the policies may serve. */
  inUse: z.boolean(),
  /** The names of the user's groups, sorted. */
  groups: z.array(z.string()),
});
export type Handles = z.infer<typeof Handles>;

/** A new item has both lists; without one of them it does not say. */
const Item = z.object({
  userPolicyList: z.array(z.object({ policyName: z.string() })),
  attachedManagedPolicies: z.array(z.object({ policyArn: z.string() })),
});

export const parseItem = ({ configuration }: ConfigurationItem): Observation<Facts, Handles> | undefined => {
  const { success, data } = Item.safeParse(configuration);
  return success
    ? {
        facts: factsOf(
          data.userPolicyList.map(({ policyName }) => policyName),
          data.attachedManagedPolicies.map(({ policyArn }) => policyArn),
        ),
      }
    : undefined;
};

/** Lists all users with their policies: one call for a thousand of them, instead of two for each. */
export const listUserPolicies = async function* ({
  session,
}: {
  readonly session: Session;
}): AsyncGenerator<Listed<Facts, Handles>> {
  const pages = paginateGetAccountAuthorizationDetails(
    { client: session.client(IAMClient), pageSize: 1000 },
    { Filter: ['User'] },
  );
  for await (const { UserDetailList = [] } of pages)
    for (const user of UserDetailList) yield { resource: resourceOf(user), facts: factsOfDetail(user) };
};

const factsOfDetail = ({ UserPolicyList = [], AttachedManagedPolicies = [] }: UserDetail): Facts =>
  factsOf(
    UserPolicyList.flatMap(({ PolicyName }) => PolicyName ?? []),
    AttachedManagedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
  );

const factsOf = (inline: readonly string[], attached: readonly string[]): Facts => ({
  inlinePolicies: inline.toSorted(),
  attachedPolicies: attached.toSorted(),
});

export const getUserPolicies = async (
  resource: Resource,
  { session }: { readonly session: Session },
): Promise<Observation<Facts, Handles> | undefined> => {
  const client = session.client(IAMClient);
  const user = await findUser(resource, client);
  const policies = user && (await policiesOf(user.userName, client));
  if (!user || !policies) return undefined;
  const { inline, attached } = policies;
  const hasPolicies = inline.length > 0 || attached.length > 0;
  const handles = { ...policies, inUse: hasPolicies && (await isUserInUse(user, client)) };
  const names = inline.map(({ name }) => name);
  return { facts: factsOf(names, attached), handles, identity: identityOf(user) };
};

const policiesOf = async (
  userName: string,
  client: IAMClient,
): Promise<Omit<Handles, 'inUse'> | undefined> => {
  const user = { UserName: userName };
  try {
    const inline = await Array.fromAsync(paginateListUserPolicies({ client }, user));
    const attached = await Array.fromAsync(paginateListAttachedUserPolicies({ client }, user));
    const groups = await Array.fromAsync(paginateListGroupsForUser({ client }, user));
    const names = inline.flatMap(({ PolicyNames = [] }) => PolicyNames).toSorted();
    return {
      userName,
      inline: await Promise.all(names.map((name) => inlinePolicy(userName, name, client))),
      attached: attached
        .flatMap(({ AttachedPolicies = [] }) => AttachedPolicies)
        .flatMap(({ PolicyArn }) => PolicyArn ?? [])
        .toSorted(),
      groups: groups
        .flatMap(({ Groups = [] }) => Groups)
        .flatMap(({ GroupName }) => GroupName ?? [])
        .toSorted(),
    };
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};

const inlinePolicy = async (userName: string, name: string, client: IAMClient) => {
  const { PolicyDocument = '' } = await client.send(
    new GetUserPolicyCommand({ UserName: userName, PolicyName: name }),
  );
  return { name, document: decodePolicy(PolicyDocument) };
};
