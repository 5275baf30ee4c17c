import { hasLooked, refusalOf, type Deployment, type Look, type Part } from '../model/deployment.ts';
import type { Intent } from '../model/desired-state.ts';
import { forwards, wiringOf, type Wiring } from './check-context.ts';

const WORDS: Readonly<Record<Part, string>> = {
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
  organization: 'organization',
  organizationAccounts: 'accounts of the organization',
  administration: 'delegated administrators of the organization',
  serviceControl: 'service control policies',
};

// A record of all parts has each of them as a key.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
const PARTS = Object.keys(WORDS) as readonly Part[];

/** The parts that the deployment's reader did not look at, so that `verifyWiring` says nothing of them; a line each. */
export const unseen = (deployment: Deployment, intent: Intent): readonly string[] =>
  unseenOf(wiringOf(deployment, intent), PARTS);

/** Of these parts, those that were not looked at, with the reason where there is one; a line each. */
export const unseenOf = (wiring: Wiring, parts: readonly Part[]): readonly string[] => {
  const { deployment } = wiring;
  const missing = partsOf(wiring)
    .filter(({ part }) => parts.includes(part))
    .filter((look) => !hasLooked(deployment, look))
    .map((look) => ({ ...look, why: refusalOf(deployment, look) }));
  const alike = Map.groupBy(missing, ({ part, why = '' }) => `${part} ${why}`);
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const places = [first, ...more].map(({ accountId, region }) =>
      [accountId, region].filter(Boolean).join(' '),
    );
    const why = first.why === undefined ? '' : ` (${first.why})`;
    return [`${WORDS[first.part]}: ${places.join(', ')}${why}`];
  });
};

/** Everything that a whole deployment consists of. */
const partsOf = (wiring: Wiring): readonly Look[] => {
  const { masterAccountId, homeRegion, regions, accounts, settings, deployment } = wiring;
  return [
    { part: 'executionRoles', accountId: masterAccountId },
    { part: 'stores', accountId: masterAccountId, region: homeRegion },
    { part: 'changes', accountId: masterAccountId, region: homeRegion },
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
        (forwards(wiring, accountId) === false
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
            // Service control policies do not hold for the management account.
            .filter((id) => id !== deployment.organization.managementAccountId)
            .map((accountId) => ({ part: 'serviceControl' as const, accountId })),
        ]),
  ];
};

const packsIn = (accountId: string, regions: readonly string[]): readonly Look[] =>
  regions.map((region) => ({ part: 'packs', accountId, region }));

const organizationParts = (accountId: string, { organization }: Deployment): readonly Look[] => [
  { part: 'organization', accountId },
  { part: 'organizationAccounts', accountId },
  // The management account needs nobody's leave.
  ...(organization.managementAccountId === accountId ? [] : [{ part: 'administration', accountId } as const]),
];
