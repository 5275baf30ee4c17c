import {
  DescribePolicyCommand,
  OrganizationsClient,
  paginateListPoliciesForTarget,
  paginateListParents,
} from '@aws-sdk/client-organizations';
import type { Session } from '@compliance/core';
import pMap from 'p-map';

import type { ScpLevel } from '../model/deployment.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { readIfPermitted, type Fragment } from './fragment.ts';

/** Low, because AWS Organizations throttles early. */
const ACCOUNTS_AT_ONCE = 4;

/** Reads the service control policies that apply to each account. */
export const readServiceControl = async (
  master: Session,
  accountIds: readonly string[],
): Promise<readonly Fragment[]> => {
  const levelOf = memoize((targetId) => readLevel(master, targetId));
  const parentOf = memoize((childId) => readParent(master, childId));
  return pMap(
    accountIds,
    (accountId) =>
      readIfPermitted(
        { part: 'serviceControl', accountId },
        `The service control policies of ${accountId}`,
        async () => {
          const levels: ScpLevel[] = [];
          for (let target: string | undefined = accountId; target; target = await parentOf(target))
            levels.push(await levelOf(target));
          return { serviceControlPolicies: [{ accountId, levels }] };
        },
      ),
    { concurrency: ACCOUNTS_AT_ONCE },
  );
};

/** Accounts share their organizational units, so each is read once. */
const memoize = <T>(read: (key: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>();
  return (key: string): Promise<T> => {
    const found = known.get(key) ?? read(key);
    known.set(key, found);
    return found;
  };
};

const readLevel = async (master: Session, targetId: string): Promise<ScpLevel> => {
  const client = master.client(OrganizationsClient);
  const policies: ScpLevel['policies'][number][] = [];
  const attached = paginateListPoliciesForTarget(
    { client },
    { TargetId: targetId, Filter: 'SERVICE_CONTROL_POLICY' },
  );
  for await (const { Policies = [] } of attached)
    for (const { Id: PolicyId, Name: name = PolicyId ?? '' } of Policies) {
      const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId }));
      policies.push({ name, document: parsePolicyDocument(Policy?.Content) });
    }
  return { targetId, policies };
};

/** Reads the parent of an account or unit; `undefined` for the root. */
const readParent = async (master: Session, childId: string): Promise<string | undefined> => {
  if (childId.startsWith('r-')) return undefined;
  const pages = paginateListParents({ client: master.client(OrganizationsClient) }, { ChildId: childId });
  for await (const { Parents = [] } of pages) if (Parents[0]?.Id !== undefined) return Parents[0].Id;
  return undefined;
};
