import type { TableName } from './tables.ts';

/**
 * A query that Athena keeps, by name. It is plain SQL that DuckDB also runs, so that tests ask the same of the same files.
 * A `?` is asked for when it is run.
 */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly tables: readonly TableName[];
  readonly sql: string;
}

/** Days are of UTC, and counted from the beginning of the day. */
const daysAgo = (days: number) => `CAST(current_date - INTERVAL '${days}' DAY AS date)`;
/** A day as the partition `dt` spells it. */
const partitionDaysAgo = (days: number) => `CAST(${daysAgo(days)} AS varchar)`;
/** Seconds since 1970 as a day. */
const dayOf = (seconds: string) =>
  `CAST(TIMESTAMP '1970-01-01 00:00:00' + ${seconds} * INTERVAL '1' SECOND AS date)`;
/** `2026-11-29T14:05:00.000Z` as a time. */
const timeOf = (text: string) => `CAST(replace(replace(${text}, 'T', ' '), 'Z', '') AS timestamp)`;

const openViolations: SavedQuery = {
  name: 'open_violations',
  description: 'Every violation that is open now, the oldest first: whose it is, since when, what was found.',
  tables: ['verdicts'],
  sql: `SELECT account, region, rule, resource, owner,
       ${dayOf('since')} AS since,
       date_diff('day', ${dayOf('since')}, current_date) AS days_open,
       annotation
FROM verdicts
WHERE state = 'violating'
ORDER BY since, account, rule, resource`,
};

const worseThisWeek: SavedQuery = {
  name: 'worse_this_week',
  description:
    'Where violations began in the last 7 days and are still open: how many, of how many that are open there.',
  tables: ['verdicts'],
  sql: `SELECT rule, account, began_this_week, open_now
FROM (
  SELECT rule, account, count(*) AS open_now,
         count(*) FILTER (WHERE ${dayOf('since')} >= ${daysAgo(7)}) AS began_this_week
  FROM verdicts
  WHERE state = 'violating'
  GROUP BY rule, account
) AS open_violations
WHERE began_this_week > 0
ORDER BY began_this_week DESC, open_now DESC, rule, account`,
};

const FIX_COLUMNS =
  'time, type, command, accountId, region, resource, outcome, actor, "by", reason, planId, changeId';
const fixesFrom = (table: TableName) => `SELECT ${FIX_COLUMNS}
  FROM ${table}
  WHERE class = 'actions' AND dt >= ${partitionDaysAgo(90)}
    AND type IN ('remediation-finished', 'change-undone') AND changeId IS NOT NULL`;

const fixesAndUndos: SavedQuery = {
  name: 'fixes_and_undos',
  description:
    'What was changed, or tried, in an account in the last 90 days, and what was undone: by which identity, and why. It asks for the id of the account.',
  tables: ['events', 'imported_events'],
  sql: `SELECT time, command, region, resource.resourceId AS resource,
       CASE type WHEN 'change-undone' THEN 'undo' ELSE 'fix' END AS what,
       outcome, coalesce(actor, "by") AS who, reason, planId, changeId
FROM (
  ${fixesFrom('events')}
  UNION ALL
  ${fixesFrom('imported_events')}
) AS changes
WHERE accountId = ?
ORDER BY time, changeId`,
};

const exemptionsEnding: SavedQuery = {
  name: 'exemptions_ending',
  description: 'Exemptions that end within 30 days, or have ended, and how many resources they cover.',
  tables: ['verdicts'],
  sql: `SELECT exemption, ends, count(*) AS resources, count(DISTINCT account) AS accounts,
       array_agg(DISTINCT rule ORDER BY rule) AS rules
FROM (
  SELECT exemption, account, rule,
         TRY_CAST(regexp_extract(annotation, 'until (\\d{4}-\\d{2}-\\d{2})\\.$', 1) AS date) AS ends
  FROM verdicts
  WHERE exemption <> ''
) AS exempt
WHERE ends <= current_date + INTERVAL '30' DAY
GROUP BY exemption, ends
ORDER BY ends, exemption`,
};

/** The columns that a finding is. */
const FINDING = 'accountId, region, command, type_of_resource, id_of_resource';
const verdictsFrom = (table: TableName) => `SELECT accountId, region, command,
         resource.resourceType AS type_of_resource, resource.resourceId AS id_of_resource,
         CASE WHEN excluded IS NULL THEN complianceType ELSE 'EXCLUDED' END AS state, orderingTime, time, id
  FROM ${table}
  WHERE class = 'verdicts' AND dt >= ${partitionDaysAgo(90)} AND type = 'resource-evaluated'`;

const timeToRemediate: SavedQuery = {
  name: 'time_to_remediate',
  description:
    'How long violations lasted that began and ended in the last 90 days, by rule: their number, mean and longest time in hours. Of those that began before, the dashboard has the time.',
  tables: ['events', 'imported_events'],
  sql: `WITH verdict AS (
  SELECT *, max(orderingTime) OVER (
           PARTITION BY ${FINDING} ORDER BY time, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
         ) AS newest
  FROM (
  ${verdictsFrom('events')}
  UNION ALL
  ${verdictsFrom('imported_events')}
  ) AS evaluated
),
valid AS (
  SELECT *, lag(state) OVER (PARTITION BY ${FINDING} ORDER BY time, id) AS former
  FROM verdict
  WHERE newest IS NULL OR orderingTime >= newest
),
change AS (
  SELECT command, state, time AS began,
         lead(time) OVER (PARTITION BY ${FINDING} ORDER BY time, id) AS ended,
         lead(state) OVER (PARTITION BY ${FINDING} ORDER BY time, id) AS latter
  FROM valid
  WHERE former IS DISTINCT FROM state
)
SELECT command, count(*) AS remediated,
       round(avg(date_diff('minute', ${timeOf('began')}, ${timeOf('ended')})) / 60, 1) AS mean_hours,
       round(max(date_diff('minute', ${timeOf('began')}, ${timeOf('ended')})) / 60.0, 1) AS longest_hours
FROM change
WHERE state = 'NON_COMPLIANT' AND latter = 'COMPLIANT'
GROUP BY command
ORDER BY mean_hours DESC, command`,
};

export const SAVED_QUERIES: readonly SavedQuery[] = [
  openViolations,
  worseThisWeek,
  fixesAndUndos,
  exemptionsEnding,
  timeToRemediate,
];
