import { hasLooked, type Deployment, type Look, type Part } from './deployment.ts';
import { wiringOf, type Intent, type Wiring } from './wiring.ts';

const WORDS: Readonly<Record<Part, string>> = {
  functions: 'functions, their permissions and the SSM document',
  executionRoles: 'roles of the functions',
  memberRoles: 'roles of the members',
  rules: 'Config rules',
  recorders: 'recorder and delivery channel',
  stores: 'table, buckets, topic and stop switch',
  logGroups: 'log groups',
};

/** The parts that the deployment's reader did not look at, so that `verifyWiring` says nothing of them; a line each. */
export const unseen = (deployment: Deployment, intent: Intent): readonly string[] => {
  const missing = partsOf(wiringOf(deployment, intent)).filter((look) => !hasLooked(deployment, look));
  const byPart = Map.groupBy(missing, ({ part }) => part);
  return [...byPart].map(
    ([part, looks]) =>
      `${WORDS[part]}: ${looks.map(({ accountId, region }) => [accountId, region].filter(Boolean).join(' ')).join(', ')}`,
  );
};

/** Everything that a whole deployment consists of. */
const partsOf = ({ masterAccountId, homeRegion, regions, accounts }: Wiring): readonly Look[] => [
  { part: 'executionRoles', accountId: masterAccountId },
  { part: 'stores', accountId: masterAccountId, region: homeRegion },
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
      (['rules', 'recorders'] as const).map((part) => ({ part, accountId, region })),
    ),
  ]),
];
