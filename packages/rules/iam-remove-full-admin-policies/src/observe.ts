import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  paginateGetAccountAuthorizationDetails,
  paginateListPolicies,
  type ManagedPolicyDetail,
  type Policy,
} from '@aws-sdk/client-iam';
import {
  defined,
  hasCode,
  type ConfigurationItem,
  type Listed,
  type Observation,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import {
  AttachedTo,
  attachedTo,
  entitiesIn,
  entitiesInUse,
  Entity,
  managedPolicyArn,
} from '@compliance/iam-account';
import * as z from 'zod';

import { fullAdminOf } from './full-admin.ts';

export const POLICY = 'AWS::IAM::Policy';

/** The entities are read of an attached full-admin policy only: those of any other decide nothing. */
export const Facts = AttachedTo.extend({
  arn: z.string(),
  /** What makes an administrator, by the default version; empty: nothing, or the policy is not attached. */
  fullAdmin: z.array(z.string().max(47)),
});
type Facts = z.infer<typeof Facts>;

export const Handles = z.object({
  /** Who keeps AdministratorAccess of AWS, and so can undo a fix. */
  administrators: z.array(z.string()),
  /** Those that have the policy and would miss it. */
  inUse: z.array(Entity),
});
type Handles = z.infer<typeof Handles>;

const Item = z.object({
  attachmentCount: z.int(),
  policyVersionList: z.array(z.object({ isDefaultVersion: z.boolean(), document: z.unknown() })),
});

/** The item lacks the entities, so it decides only where they do not matter. */
export const parseItem = ({
  arn,
  configuration,
}: ConfigurationItem): Observation<Facts, Handles> | undefined => {
  const { success, data } = Item.safeParse(configuration);
  const version = data?.policyVersionList.find(({ isDefaultVersion }) => isDefaultVersion);
  if (!success || arn === undefined || typeof version?.document === 'undefined') return undefined;
  return harmless(arn, data.attachmentCount, version.document);
};

/** Lists the policies of the account with their documents. The few that make administrators are read one by one. */
export const listPolicies = async function* ({
  session,
}: {
  readonly session: Session;
}): AsyncGenerator<Listed<Facts, Handles>> {
  const pages = paginateGetAccountAuthorizationDetails(
    { client: session.client(IAMClient), pageSize: 1000 },
    { Filter: ['LocalManagedPolicy'] },
  );
  for await (const { Policies = [] } of pages)
    for (const policy of Policies) yield { resource: resourceOf(policy), ...observationOf(policy) };
};

const resourceOf = ({ PolicyId = '', PolicyName, Arn }: ManagedPolicyDetail): Resource => ({
  resourceType: POLICY,
  resourceId: PolicyId,
  ...defined({ resourceName: PolicyName, arn: Arn }),
});

const observationOf = ({ Arn, AttachmentCount = 0, PolicyVersionList = [] }: ManagedPolicyDetail) => {
  const version = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion);
  return Arn !== undefined && version?.Document !== undefined
    ? harmless(Arn, AttachmentCount, version.Document)
    : undefined;
};

/** The observation of a policy that makes no administrator. `undefined`: it may make some. */
const harmless = (arn: string, attachments: number, document: unknown): { facts: Facts } | undefined =>
  attachments === 0 || fullAdminOf(document).length === 0
    ? { facts: { arn, fullAdmin: [], users: [], groups: [], roles: [] } }
    : undefined;

export const getPolicy = async (
  resource: Resource,
  { session }: { readonly session: Session },
): Promise<Observation<Facts, Handles> | undefined> => {
  const client = session.client(IAMClient);
  const policy = await findPolicy(resource, client);
  if (policy?.Arn === undefined) return undefined;
  const { Arn: arn, AttachmentCount = 0, DefaultVersionId, PolicyName } = policy;
  const { PolicyVersion } = await client.send(
    new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: DefaultVersionId }),
  );
  const document = PolicyVersion?.Document;
  const identity = defined({ resourceName: PolicyName, arn });
  const observed = harmless(arn, AttachmentCount, document);
  if (observed) return { ...observed, handles: { administrators: [], inUse: [] }, identity };
  const [entities, administrators] = await Promise.all([
    attachedTo(arn, session),
    attachedTo(managedPolicyArn('AdministratorAccess', session.partition), session),
  ]);
  return {
    facts: { arn, fullAdmin: fullAdminOf(document), ...entities },
    handles: {
      administrators: Object.values(administrators).flat().toSorted(),
      inUse: await entitiesInUse(entitiesIn(entities), session),
    },
    identity,
  };
};

/** Finds a policy by its id; its ARN saves a search. `undefined`: it does not exist. */
const findPolicy = async ({ resourceId, arn }: Resource, client: IAMClient): Promise<Policy | undefined> => {
  const known = arn === undefined ? undefined : await policyByArn(arn, client);
  if (known?.PolicyId === resourceId) return known;
  for await (const { Policies = [] } of paginateListPolicies(
    { client, pageSize: 1000 },
    { Scope: 'Local' },
  )) {
    const found = Policies.find(({ PolicyId }) => PolicyId === resourceId);
    if (found) return found;
  }
  return undefined;
};

const policyByArn = async (arn: string, client: IAMClient): Promise<Policy | undefined> => {
  try {
    return (await client.send(new GetPolicyCommand({ PolicyArn: arn }))).Policy;
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};
