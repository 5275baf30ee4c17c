import { sealedLedger } from '@compliance/infra';

import { isCovered, refusalReason, type Coverage, type Part } from '../model/coverage.ts';
import type { Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { createCheckContext, forwardsChanges, type CheckContext } from './check-context.ts';

const PART_NAMES: Readonly<Record<Part, string>> = {
  functions: 'functions, their permissions and the SSM document',
  executionRoles: 'roles of the functions',
  memberRoles: 'roles of the members',
  rules: 'Config rules',
  packs: 'conformance packs',
  recorders: 'recorder and delivery channel',
  stores: 'table, buckets, topic and stop switch',
  logGroups: 'log groups',
  forwarding: 'rules that forward compliance changes',
  changes: 'event bus of compliance changes, its rule and its log',
  keeper: 'function, log group and bucket that seal the ledger',
  signingKey: 'key that signs the ledger',
  dashboard: 'bucket of the hosted dashboard, and the function that admits its viewers',
  organization: 'organization',
  organizationAccounts: 'accounts of the organization',
  administration: 'delegated administrators of the organization',
  serviceControl: 'service control policies',
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record of all parts has each of them as a key.
const PARTS = Object.keys(PART_NAMES) as readonly Part[];

/** Every part of the deployment that was not read, one line each. Checks report nothing about such a part. */
export const uncovered = (deployment: Deployment, desired: DesiredState): readonly string[] =>
  uncoveredParts(createCheckContext(deployment, desired), PARTS);

/** The given parts that were not read, one line each, with known reasons. */
export const uncoveredParts = (context: CheckContext, parts: readonly Part[]): readonly string[] => {
  const { deployment } = context;
  const missing = expectedCoverage(context)
    .filter((coverage) => parts.includes(coverage.part) && !isCovered(deployment, coverage))
    .map((coverage) => ({ ...coverage, reason: refusalReason(deployment, coverage) }));
  const alike = Map.groupBy(missing, ({ part, reason = '' }) => `${part} ${reason}`);
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const places = [first, ...more].map(({ accountId, region }) =>
      [accountId, region].filter(Boolean).join(' '),
    );
    const reason = first.reason === undefined ? '' : ` (${first.reason})`;
    return [`${PART_NAMES[first.part]}: ${places.join(', ')}${reason}`];
  });
};

/** The coverage that a complete reading of the deployment would have. */
const expectedCoverage = (context: CheckContext): readonly Coverage[] => {
  const { masterAccountId, homeRegion, regions, accounts, settings, deployment } = context;
  return [
    { part: 'executionRoles', accountId: masterAccountId },
    { part: 'stores', accountId: masterAccountId, region: homeRegion },
    { part: 'changes', accountId: masterAccountId, region: homeRegion },
    ...(sealedLedger(settings)
      ? [
          { part: 'keeper', accountId: masterAccountId, region: homeRegion } as const,
          { part: 'signingKey', accountId: masterAccountId } as const,
        ]
      : []),
    ...(settings.dashboard
      ? [{ part: 'dashboard', accountId: masterAccountId, region: homeRegion } as const]
      : []),
    ...regions.flatMap((region) =>
      (['functions', 'logGroups'] as const).map((part) => ({
        part,
        accountId: masterAccountId,
        region,
      })),
    ),
    ...accounts.flatMap(({ id: accountId }) => [
      { part: 'memberRoles', accountId } as const,
      ...regions.flatMap((region) =>
        (forwardsChanges(context, accountId) === false
          ? (['rules', 'recorders'] as const)
          : (['rules', 'recorders', 'forwarding'] as const)
        ).map((part) => ({ part, accountId, region })),
      ),
    ]),
    ...(settings.organization.id === undefined
      ? accounts.flatMap(({ id: accountId }) => packsIn(accountId, regions))
      : [
          ...packsIn(masterAccountId, regions),
          ...organizationParts(masterAccountId, deployment),
          ...[...new Set<string>([masterAccountId, ...accounts.map(({ id }) => id)])]
            // Service control policies do not apply to the management account.
            .filter((id) => id !== deployment.organization.managementAccountId)
            .map((accountId) => ({ part: 'serviceControl' as const, accountId })),
        ]),
  ];
};

const packsIn = (accountId: string, regions: readonly string[]): readonly Coverage[] =>
  regions.map((region) => ({ part: 'packs', accountId, region }));

const organizationParts = (accountId: string, { organization }: Deployment): readonly Coverage[] => [
  { part: 'organization', accountId },
  { part: 'organizationAccounts', accountId },
  // The management account needs no delegation.
  ...(organization.managementAccountId === accountId ? [] : [{ part: 'administration', accountId } as const]),
];
