import { canonical } from '@compliance/core';
import { TABLE_KEYS } from '@compliance/core/state/dynamodb-table';
import {
  AUDIT_LOG_GROUP,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  functionLogGroup,
  ledgerBucket,
  settingsBucket,
  tablePolicy,
} from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import type { NamedResource } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { coveredRegions, masterIn, type Check, type CheckContext } from './check-context.ts';

const KEYS = TABLE_KEYS.KeySchema.map(({ AttributeName: name, KeyType: role }) => ({
  name,
  role,
  type: TABLE_KEYS.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType,
}));
const EXPIRY = 'expiresAt';

/** Checks that a resource of the master account exists. */
const existsAtHome = (
  kind: string,
  find: (context: CheckContext) => { readonly name: string; readonly among: readonly NamedResource[] },
  consequence: string,
): Check => {
  return (context) => {
    const place = masterIn(context, context.homeRegion);
    if (!areStoresCovered(context)) return [];
    const { name, among } = find(context);
    if (among.some((candidate) => candidate.name === name && sameRegionAs(place)(candidate))) return [];
    return [
      {
        subject: `${kind} ${name} ${formatPlace(place)}`,
        problem: `${capitalized(kind)} ${name} does not exist: ${consequence}`,
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
        problem: `Table ${STATE_TABLE} has the keys ${keys.map(({ name, role, type }) => `${name} (${role}, ${type})`).join(', ')}; it needs the strings pk (HASH) and sk (RANGE).`,
        remedy: `Create table ${STATE_TABLE} again: its keys cannot be changed.`,
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
            problem: `Rows of table ${STATE_TABLE} never expire: the table only grows.`,
            remedy: `Enable time to live (TTL) on attribute ${EXPIRY} of table ${STATE_TABLE}.`,
          },
        ],
  );

/** The rows that a statement is about, for any principal. */
const rowsIn = (condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string =>
  canonical(
    Object.entries(condition).flatMap(([operator, keys]) => {
      const rows = keys['dynamodb:LeadingKeys'];
      return rows === undefined ? [] : [[operator, [rows].flat().map(String).toSorted()]];
    }),
  );

/** A hand-made policy may deny more. What the product's denies must be denied. */
const stateTablePolicy: Check = (context) =>
  eachTable(context, ({ policy }, subject) => {
    if (policy === null) return [undetermined(subject, 'its policy is known only after apply')];
    const { masterAccountId: accountId, homeRegion: region, deployment } = context;
    const { partition } = deployment;
    const tableArn = `arn:${partition}:dynamodb:${region}:${accountId}:table/${STATE_TABLE}`;
    const due = tablePolicy({ master: { partition, accountId }, tableArn, breakGlass: [] }).Statement;
    const lacking = due.filter(
      ({ Action, Condition }) =>
        !policy?.Statement.some(
          (found) =>
            found.Effect === 'Deny' &&
            Action.every((action) => found.Action?.includes(action)) &&
            rowsIn(found.Condition) === rowsIn(Condition),
        ),
    );
    if (lacking.length === 0) return [];
    return [
      {
        severity: 'warning',
        subject,
        problem: `The policy of table ${STATE_TABLE} does not deny what it should (${lacking.map(({ Sid }) => Sid).join(', ')}): any principal that IAM allows may write plans, decisions or journals.`,
        remedy: 'Apply the master module in the home Region.',
      },
    ];
  });

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
        problem: `Log group ${name} does not exist, and the functions may not create it: their logs are lost.`,
        remedy: 'Apply the regional part of the master module in this Region.',
      }));
  });

export const storeChecks = {
  'state-table': existsAtHome(
    'table',
    ({ deployment: { tables: among } }) => ({ name: STATE_TABLE, among }),
    'nothing can be planned, approved or fixed.',
  ),
  'state-table-keys': stateTableKeys,
  'state-table-expiry': stateTableExpiry,
  'state-table-policy': stateTablePolicy,
  'settings-bucket': existsAtHome(
    'bucket',
    ({ masterAccountId, deployment: { buckets: among } }) => ({
      name: settingsBucket(masterAccountId),
      among,
    }),
    'without settings, the functions evaluate nothing.',
  ),
  'ledger-bucket': existsAtHome(
    'bucket',
    ({ masterAccountId, deployment: { buckets: among } }) => ({ name: ledgerBucket(masterAccountId), among }),
    'audit events are not stored.',
  ),
  'stop-parameter': existsAtHome(
    'parameter',
    ({ deployment: { parameters: among } }) => ({ name: STOP_PARAMETER, among }),
    'without the stop switch, no fix runs.',
  ),
  'notification-topic': existsAtHome(
    'topic',
    ({ deployment: { topics: among } }) => ({ name: TOPIC, among }),
    'no notification is sent.',
  ),
} as const satisfies Record<string, Check>;

export const logGroupChecks = { 'log-groups': logGroups } as const satisfies Record<string, Check>;

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const areStoresCovered = ({ deployment, masterAccountId: accountId, homeRegion: region }: CheckContext) =>
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
