import type { Settings } from '@compliance/core';
import { STATE_TABLE } from '@compliance/infra';

import type { PlanJson, ResourceChange } from '../plan/plan-json.ts';
import { createPlaceLookup, type PlanPlace } from '../plan/plan-places.ts';
import { plain, table } from './markdown.ts';

const KINDS = ['create', 'update', 'replace', 'delete', 'forget'] as const;
type Kind = (typeof KINDS)[number];

/** Counts the changes in each account and Region, as a table. */
export const changeTable = (
  plan: PlanJson,
  given: Partial<PlanPlace> | undefined,
  settings: Pick<Settings, 'organization' | 'accounts'>,
): string => {
  const placeOf = createPlaceLookup(plan, given);
  const changes = plan.resource_changes.flatMap((resource) => {
    const kind = kindOf(resource);
    if (kind === undefined) return [];
    const { accountId = '?', region = '?' } = placeOf(
      resource,
      resource.change.after ?? resource.change.before,
    );
    return [{ kind, type: resource.type, where: `${nameOf(accountId, settings)} ${region}` }];
  });
  if (changes.length === 0) return 'No resource changes.';
  const kinds = KINDS.filter((kind) => kind !== 'forget' || changes.some((change) => change.kind === kind));
  const rows = [...Map.groupBy(changes, ({ where }) => where)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([where, each]) => [
      plain(where),
      ...kinds.map((kind) => String(each.filter((change) => change.kind === kind).length)),
      plain(counted(each.map(({ type }) => type.replace(/^aws_/, '')))),
    ]);
  return table(['Account and Region', ...kinds, 'Resource types'], rows);
};

const nameOf = (
  accountId: string,
  { organization, accounts }: Pick<Settings, 'organization' | 'accounts'>,
) => {
  const name =
    accounts.find(({ id }) => id === accountId)?.name ??
    (accountId === organization.masterAccountId ? 'master' : undefined);
  return name === undefined ? accountId : `${accountId} (${name})`;
};

/** `iam_policy ×3, s3_object` */
const counted = (types: readonly string[]): string =>
  [...Map.groupBy(types, (type) => type)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { length }]) => (length === 1 ? type : `${type} ×${length}`))
    .join(', ');

/** Deleted and replaced resources, one line each. Those that hold data are separate. */
export const plannedDestructions = (plan: PlanJson) => {
  const destroyed = plan.resource_changes.flatMap((resource) => {
    const kind = kindOf(resource);
    if (kind !== 'delete' && kind !== 'replace') return [];
    const verb = kind === 'delete' ? 'destroyed' : 'destroyed and created again';
    const holds = HOLDS[resource.type];
    return [{ holds, line: `${resource.address} would be ${verb}${holds ? `, including ${holds}` : ''}.` }];
  });
  return {
    /** State, settings, ledger, keys: each is an error. */
    dataLosses: destroyed.filter(({ holds }) => holds !== undefined).map(({ line }) => line),
    otherDestructions: destroyed.filter(({ holds }) => holds === undefined).map(({ line }) => line),
  };
};

/** The data that a resource holds, by type of the AWS provider. */
const HOLDS: Readonly<Record<string, string>> = {
  aws_dynamodb_table: `every plan, approval and journal of the table (${STATE_TABLE})`,
  aws_s3_bucket: 'its settings, exemptions, ledger or other objects',
  aws_kms_key: 'everything encrypted with it',
};

/** How a resource changes; `undefined`: not at all. */
export const kindOf = ({ mode, change: { actions } }: ResourceChange): Kind | undefined => {
  if (mode !== 'managed') return undefined;
  if (actions.includes('delete') && actions.includes('create')) return 'replace';
  return KINDS.find((kind) => actions.includes(kind));
};
