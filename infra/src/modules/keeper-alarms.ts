import type { TerraformStack } from 'cdktf';

import { KEEPER, KEEPER_LOG_GROUP, METRICS } from '../names/names.ts';
import { addMetricFilter, createAddAlarm } from './alarm.ts';

/** The hours after which the newest head is too old: an hour is sealed 20 minutes after its end. */
const NEWEST_HOURS = 2;
/** The hours after which something unsealed has four weeks left before the intake expires. */
const UNSEALED_HOURS = 7 * 24;

/** The hours after the end of its day at which the newest state is too old: the next one is a day and some minutes later. */
const STATE_HOURS = 36;

const AGE = 'LedgerAgeHours';
const STATE_AGE = 'StateAgeHours';
const NOT_VERIFIED = 'LedgerNotVerified';
const LEFT_OUT = 'LedgerLeftOut';

/** Adds the alarms of the keeper. They read the line that each of its runs writes. */
export const addKeeperAlarms = (stack: TerraformStack, topicArn: string): void => {
  const addAlarm = createAddAlarm(stack, topicArn);
  const filter = (metricName: string, pattern: string, value?: string, line = 'run') =>
    addMetricFilter(stack, {
      id: `keeper_${metricName}`,
      metricName,
      pattern: `{ ($.keeper = "${line}")${pattern} }`,
      logGroup: KEEPER_LOG_GROUP,
      ...(value !== undefined && { value }),
    });
  filter(AGE, '', '$.newestAgeHours');
  filter(NOT_VERIFIED, ' && ($.verified IS FALSE)');
  filter(LEFT_OUT, ' && ($.leftOut > 0)', '$.leftOut');
  filter(STATE_AGE, '', '$.ageHours', 'state');
  const ofRuns = { namespace: METRICS, period: 3600, statistic: 'Maximum' };
  addAlarm(
    'ledger-not-sealed',
    `The newest sealed hour ended more than ${NEWEST_HOURS} hours ago, or the keeper does not run: see the log group ${KEEPER_LOG_GROUP}.`,
    // The keeper runs every ten minutes: an hour without a figure is an hour without the keeper.
    { ...ofRuns, metricName: AGE, threshold: NEWEST_HOURS, treatMissingData: 'breaching' },
  );
  addAlarm(
    'ledger-unsealed-for-days',
    'Something in the intake is not sealed for more than 7 days. The intake expires after 35 days: what is not sealed by then is lost.',
    { ...ofRuns, metricName: AGE, threshold: UNSEALED_HOURS },
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
    'state-not-built',
    `The newest daily state is of a day that ended more than ${STATE_HOURS} hours ago: see the log group ${KEEPER_LOG_GROUP}.`,
    { ...ofRuns, metricName: STATE_AGE, threshold: STATE_HOURS },
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
