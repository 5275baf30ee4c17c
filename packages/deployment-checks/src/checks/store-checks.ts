import {
  AUDIT_LOG_GROUP,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  functionLogGroup,
  ledgerBucket,
  settingsBucket,
} from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import type { NamedResource } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { masterIn, coveredRegions, type Check, type CheckContext } from './check-context.ts';

const KEYS = [
  { name: 'pk', role: 'HASH', type: 'S' },
  { name: 'sk', role: 'RANGE', type: 'S' },
] as const;
const EXPIRY = 'expiresAt';

const atHome = (
  thing: string,
  find: (context: CheckContext) => { readonly name: string; readonly among: readonly NamedResource[] },
  consequence: string,
): Check => {
  return (context) => {
    const place = masterIn(context, context.homeRegion);
    if (!hasLookedAtHome(context)) return [];
    const { name, among } = find(context);
    if (among.some((candidate) => candidate.name === name && sameRegionAs(place)(candidate))) return [];
    return [
      {
        subject: `${thing} ${name} ${formatPlace(place)}`,
        problem: `It does not exist there: ${consequence}`,
        remedy: 'Apply the master module in the home Region.',
      },
    ];
  };
};

const stateTableKeys: Check = (context) =>
  eachTable(context, ({ keys }, subject) => {
    const fits =
      keys.length === KEYS.length &&
      KEYS.every((due) =>
        keys.some(({ name, role, type }) => name === due.name && role === due.role && type === due.type),
      );
    if (fits) return [];
    return [
      {
        subject,
        problem: `Its keys are ${keys.map(({ name, role, type }) => `${name} (${role}, ${type})`).join(', ')}.`,
        remedy:
          'Its keys must be the texts pk (HASH) and sk (RANGE). Keys cannot be changed: make the table anew.',
      },
    ];
  });

const stateTableExpiry: Check = (context) =>
  eachTable(context, ({ expiryAttribute }, subject) =>
    expiryAttribute === EXPIRY
      ? []
      : [
          {
            severity: 'warning',
            subject,
            problem: 'Its rows do not expire, so that it only grows.',
            remedy: `Turn on time to live by the attribute ${EXPIRY}.`,
          },
        ],
  );

const logGroups: Check = (context) =>
  coveredRegions(context, 'logGroups', context.masterAccountId).flatMap((region) => {
    const place = masterIn(context, region);
    return [AUDIT_LOG_GROUP, functionLogGroup('rule'), functionLogGroup('remediation')]
      .filter(
        (name) =>
          !context.deployment.logGroups.some((group) => group.name === name && sameRegionAs(place)(group)),
      )
      .map((name) => ({
        subject: `log group ${name} ${formatPlace(place)}`,
        problem: 'It does not exist, and the functions may not make it: what they write is lost.',
        remedy: 'Apply the regional part of the master module in this Region.',
      }));
  });

export const storeChecks = {
  'state-table': atHome(
    'table',
    ({ deployment: { tables: among } }) => ({ name: STATE_TABLE, among }),
    'nothing can be planned, approved or fixed.',
  ),
  'state-table-keys': stateTableKeys,
  'state-table-expiry': stateTableExpiry,
  'settings-bucket': atHome(
    'bucket',
    ({ masterAccountId, deployment: { buckets: among } }) => ({
      name: settingsBucket(masterAccountId),
      among,
    }),
    'the functions find no settings, so that nothing is judged.',
  ),
  'ledger-bucket': atHome(
    'bucket',
    ({ masterAccountId, deployment: { buckets: among } }) => ({ name: ledgerBucket(masterAccountId), among }),
    'no audit event is kept.',
  ),
  'stop-parameter': atHome(
    'parameter',
    ({ deployment: { parameters: among } }) => ({ name: STOP_PARAMETER, among }),
    'a missing stop switch stops every fix.',
  ),
  'notification-topic': atHome(
    'topic',
    ({ deployment: { topics: among } }) => ({ name: TOPIC, among }),
    'nobody is told of anything.',
  ),
} as const satisfies Record<string, Check>;

export const logGroupChecks = { 'log-groups': logGroups } as const satisfies Record<string, Check>;

const hasLookedAtHome = ({ deployment, masterAccountId: accountId, homeRegion: region }: CheckContext) =>
  isCovered(deployment, { part: 'stores', accountId, region });

const eachTable = (
  context: CheckContext,
  check: (table: CheckContext['deployment']['tables'][number], subject: string) => readonly Problem[],
) => {
  const place = masterIn(context, context.homeRegion);
  return context.deployment.tables
    .filter((table) => table.name === STATE_TABLE && sameRegionAs(place)(table))
    .flatMap((table) => check(table, `table ${STATE_TABLE} ${formatPlace(place)}`));
};
