import {
  DescribePolicyCommand,
  OrganizationsClient,
  paginateListPolicies,
  paginateListRoots,
  paginateListTargetsForPolicy,
  type PolicySummary,
  type PolicyType,
} from '@aws-sdk/client-organizations';
import type { Session } from '@compliance/core/rule';
import * as z from 'zod';

import { denialsOf, Denial } from './denials.ts';
import { coverageOf } from './coverage.ts';

/** A policy that restricts member accounts, and is no default of AWS. */
const Policy = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  /** What a service control policy takes away, whatever else an account allows. */
  denies: z.array(Denial),
});

/** The guardrails of an organization. All lists are sorted. */
export const Guardrails = z.object({
  /** The types of policies that are on; others have no effect, even attached. */
  types: z.array(z.string()),
  policies: z.array(Policy),
  /** The active member accounts, by the policies that reach them. */
  coverage: z.array(z.object({ policies: z.array(z.string()), accounts: z.array(z.string()) })),
});
export type Guardrails = z.infer<typeof Guardrails>;

const TYPES: readonly PolicyType[] = [
  'DECLARATIVE_POLICY_EC2',
  'RESOURCE_CONTROL_POLICY',
  'SERVICE_CONTROL_POLICY',
];

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_auth.html */
export const readGuardrails = async (session: Session): Promise<Guardrails> => {
  const client = session.client(OrganizationsClient);
  const pages = await Array.fromAsync(paginateListRoots({ client }, {}));
  // An organization has one root.
  const [root] = pages.flatMap(({ Roots = [] }) => Roots);
  const types = TYPES.filter((type) =>
    root?.PolicyTypes?.some(({ Type, Status }) => Type === type && Status === 'ENABLED'),
  );
  const attachments = new Map<string, readonly string[]>();
  const policies: z.infer<typeof Policy>[] = [];
  // One after another: Organizations answers few calls a second.
  for (const type of types)
    for (const { Id: id = '', Name: name = '' } of await ownPolicies(type, session)) {
      attachments.set(id, await targetsOf(id, session));
      const denies = type === 'SERVICE_CONTROL_POLICY' ? denialsOf(await contentOf(id, session)) : [];
      policies.push({ id, type, name, denies });
    }
  return {
    types,
    policies: policies.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    coverage: root?.Id === undefined ? [] : await coverageOf(root.Id, attachments, session),
  };
};

/** FullAWSAccess and RCPFullAWSAccess, which AWS attaches everywhere, restrict nothing. */
const ownPolicies = async (Filter: PolicyType, session: Session): Promise<readonly PolicySummary[]> => {
  const pages = paginateListPolicies({ client: session.client(OrganizationsClient) }, { Filter });
  return (await Array.fromAsync(pages))
    .flatMap(({ Policies = [] }) => Policies)
    .filter(({ AwsManaged }) => AwsManaged !== true);
};

const targetsOf = async (PolicyId: string, session: Session): Promise<readonly string[]> => {
  const pages = paginateListTargetsForPolicy({ client: session.client(OrganizationsClient) }, { PolicyId });
  return (await Array.fromAsync(pages))
    .flatMap(({ Targets = [] }) => Targets)
    .flatMap(({ TargetId }) => TargetId ?? []);
};

const contentOf = async (PolicyId: string, session: Session): Promise<string> => {
  const { Policy: found } = await session
    .client(OrganizationsClient)
    .send(new DescribePolicyCommand({ PolicyId }));
  return found?.Content ?? '{"Statement":[]}';
};
