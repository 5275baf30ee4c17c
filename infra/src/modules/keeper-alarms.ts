import type { TerraformStack } from 'cdktf';

import { KEEPER, KEEPER_LOG_GROUP, METRICS } from '../names/names.ts';
import { addMetricFilter, createAddAlarm } from './alarm.ts';

/** The hours after which the newest head is too old: an hour is sealed 20 minutes after its end. */
const NEWEST_HOURS = 2;
/** The days after which something unsealed has four weeks left before the intake expires. */
const UNSEALED_DAYS = 7;

/** The hours after the end of its day at which the newest state is too old: the next one is a day and some minutes later. */
const STATE_HOURS = 36;

const AGE = 'LedgerAgeHours';
const STATE_AGE = 'StateAgeHours';
const BROKEN_STATE = 'StateBroken';
const NOT_VERIFIED = 'LedgerNotVerified';
const NOT_COPIED = 'HeadsNotCopied';
const LEFT_OUT = 'LedgerLeftOut';

/** Adds the alarms of the keeper. They read the lines that its runs write: what it finds as soon as it finds it. */
export const addKeeperAlarms = (stack: TerraformStack, topicArn: string): void => {
  const addAlarm = createAddAlarm(stack, topicArn);
  const filter = (line: string, metricName: string, value?: string, condition = '') =>
    addMetricFilter(stack, {
      id: `keeper_${metricName}`,
      metricName,
      pattern: `{ ($.keeper = "${line}")${condition} }`,
      logGroup: KEEPER_LOG_GROUP,
      ...(value !== undefined && { value }),
    });
  filter('run', AGE, '$.newestAgeHours');
  filter('problem', NOT_VERIFIED);
  filter('head', LEFT_OUT, '$.leftOut', ' && ($.leftOut > 0)');
  filter('state', STATE_AGE, '$.ageHours');
  filter('broken-state', BROKEN_STATE);
  filter('not-copied', NOT_COPIED);
  const ofRuns = { namespace: METRICS, period: 3600, statistic: 'Maximum' };
  addAlarm(
    'ledger-not-sealed',
    `The newest sealed hour ended more than ${NEWEST_HOURS} hours ago, or the keeper does not run: see the log group ${KEEPER_LOG_GROUP}.`,
    // The keeper runs every ten minutes: an hour without a figure is an hour without the keeper.
    { ...ofRuns, metricName: AGE, threshold: NEWEST_HOURS, treatMissingData: 'breaching' },
  );
  addAlarm(
    'ledger-unsealed-for-days',
    `For ${UNSEALED_DAYS} days, what arrives in the intake is not sealed, or the keeper does not run. The intake expires after 35 days: what is not sealed by then is lost.`,
    {
      ...ofRuns,
      metricName: AGE,
      // A keeper that fails says no age: its last one would stay below any threshold.
      statistic: 'Minimum',
      period: 86_400,
      evaluationPeriods: UNSEALED_DAYS,
      threshold: NEWEST_HOURS,
      treatMissingData: 'breaching',
    },
  );
  addAlarm(
    'ledger-not-verified',
    'What the keeper sealed, now or long ago, is not what is there. Its log names the object: run compliance ledger verify.',
    { namespace: METRICS, metricName: NOT_VERIFIED, statistic: 'Sum' },
  );
  addAlarm(
    'ledger-left-out',
    'Objects or lines of the intake are foreign or malformed, and are not sealed. The manifest of the hour names them.',
    { namespace: METRICS, metricName: LEFT_OUT, statistic: 'Sum' },
  );
  addAlarm(
    'heads-not-copied',
    'The bucket of another account keeps refusing copies of the heads. The keeper goes on sealing, and copies them when it may: its log says why it may not.',
    // One refusal is repeated ten minutes later.
    { namespace: METRICS, metricName: NOT_COPIED, statistic: 'Sum', period: 3600, threshold: 2 },
  );
  addAlarm(
    'state-not-built',
    `The newest daily state is of a day that ended more than ${STATE_HOURS} hours ago: see the log group ${KEEPER_LOG_GROUP}.`,
    { ...ofRuns, metricName: STATE_AGE, threshold: STATE_HOURS },
  );
  addAlarm(
    'state-broken',
    'A daily state is not what the keeper stored. It was skipped for an older one: find out who wrote it. The log of the keeper names it.',
    { namespace: METRICS, metricName: BROKEN_STATE, statistic: 'Sum' },
  );
  addAlarm('keeper-errors', `The keeper keeps failing: see the log group ${KEEPER_LOG_GROUP}.`, {
    namespace: 'AWS/Lambda',
    dimensions: { FunctionName: KEEPER },
    metricName: 'Errors',
    statistic: 'Sum',
    period: 3600,
    // One failure is repeated ten minutes later.
    threshold: 2,
  });
};
