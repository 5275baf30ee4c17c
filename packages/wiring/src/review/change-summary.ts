import { STATE_TABLE } from '@compliance/infra';

import { placesOf, type PlanPlace } from '../plan/places.ts';
import type { PlanJson, ResourceChange } from '../plan/plan-json.ts';
import { plain, table } from './markdown.ts';

const KINDS = ['create', 'update', 'replace', 'delete'] as const;
type Kind = (typeof KINDS)[number];

/** How many resources of which account change how. */
export const changeTable = (plan: PlanJson, given: Partial<PlanPlace> | undefined): string => {
  const placeOf = placesOf(plan, given);
  const changes = plan.resource_changes.flatMap((resource) => {
    const kind = kindOf(resource);
    if (kind === undefined) return [];
    const { accountId = '?', region = '?' } = placeOf(
      resource.module_address,
      resource.change.after ?? resource.change.before,
    );
    return [{ kind, where: `${accountId} ${region}` }];
  });
  if (changes.length === 0) return 'No resource changes.';
  const rows = [...Map.groupBy(changes, ({ where }) => where)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([where, each]) => [
      plain(where),
      ...KINDS.map((kind) => String(each.filter((change) => change.kind === kind).length)),
    ]);
  return table(['Account and Region', ...KINDS], rows);
};

/** What would be lost with what it holds: state, settings, ledger, keys; a sentence each. */
export const losses = (plan: PlanJson): readonly string[] =>
  plan.resource_changes.flatMap((resource) => {
    const kind = kindOf(resource);
    const holds = HOLDS[resource.type];
    if (holds === undefined || (kind !== 'delete' && kind !== 'replace')) return [];
    const verb = kind === 'delete' ? 'destroyed' : 'destroyed and made anew';
    return [`${resource.address} would be ${verb}, and with it ${holds}.`];
  });

/** By type of the AWS provider. */
const HOLDS: Readonly<Record<string, string>> = {
  aws_dynamodb_table: `every plan, approval and journal of the table (${STATE_TABLE})`,
  aws_s3_bucket: 'settings, exemptions, ledger or whatever else it holds',
  aws_kms_key: 'everything that it encrypted',
};

const kindOf = ({ mode, change: { actions } }: ResourceChange): Kind | undefined => {
  if (mode !== 'managed') return undefined;
  if (actions.includes('delete') && actions.includes('create')) return 'replace';
  return KINDS.find((kind) => actions.includes(kind));
};
