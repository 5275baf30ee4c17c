import type { SnsTopic } from '@cdktn/provider-aws/lib/sns-topic/index.js';
import { DEAD_LETTER_LINE, type ErrorCode } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { AUDIT_METRICS } from '../monitoring/audit-metrics.ts';
import {
  AUDIT_LOG_GROUP,
  FAILURE_QUEUE,
  FUNCTIONS,
  METRICS,
  functionLogGroup,
  type FunctionKey,
} from '../names/names.ts';
import { resourceName } from '../terraform/expressions.ts';
import { addMetricFilter, createAddAlarm } from './alarm.ts';

const KEYS: readonly FunctionKey[] = ['rule', 'remediation'];

/** Adds the alarms and the metric filters that they need. Each description says what the alarm means. */
export const addAlarms = (stack: TerraformStack, topic: SnsTopic): void => {
  const addAlarm = createAddAlarm(stack, topic.arn);
  for (const key of KEYS) {
    addFunctionAlarms(addAlarm, key);
    countUnreadable(stack, key);
    countDeadLetters(stack, key);
  }
  addAlarm(
    'events-wait',
    'Events of AWS Config wait more than an hour for the rule function: verdicts are late.',
    {
      namespace: 'AWS/Lambda',
      dimensions: { FunctionName: FUNCTIONS.rule },
      metricName: 'AsyncEventAge',
      statistic: 'Maximum',
      threshold: 60 * 60 * 1000,
    },
  );
  addAlarm(
    'events-lost',
    `The rule function could not handle an event. The queue ${FAILURE_QUEUE} has the event and the reason; make redrive repeats it.`,
    {
      namespace: 'AWS/SQS',
      dimensions: { QueueName: FAILURE_QUEUE },
      metricName: 'ApproximateNumberOfMessagesVisible',
      statistic: 'Maximum',
    },
  );
  for (const { metricName, pattern, alarm } of AUDIT_METRICS) {
    addMetricFilter(stack, { id: resourceName(metricName), metricName, pattern, logGroup: AUDIT_LOG_GROUP });
    addAlarm(kebab(metricName), alarm, { namespace: METRICS, metricName, statistic: 'Sum' });
  }
  addAlarm(
    'dead-letters',
    'The log, the topic or the ledger refused audit events for good. They are kept in the state table: find the reason in the log of the functions, then run make redrive.',
    { namespace: METRICS, metricName: DEAD_LETTERS, statistic: 'Sum' },
  );
  countUnreadableExemptions(stack);
  addAlarm(
    'unreadable',
    'Settings, exemptions or the stop switch cannot be read: nothing is fixed until they are readable again.',
    {
      namespace: METRICS,
      metricName: UNREADABLE,
      statistic: 'Sum',
    },
  );
};

const addFunctionAlarms = (addAlarm: ReturnType<typeof createAddAlarm>, key: FunctionKey) => {
  const ofFunction = {
    namespace: 'AWS/Lambda',
    dimensions: { FunctionName: FUNCTIONS[key] },
    statistic: 'Sum',
    evaluationPeriods: 3,
  };
  addAlarm(
    `${key}-errors`,
    `The ${key} function keeps failing: see the log group ${functionLogGroup(key)}.`,
    {
      ...ofFunction,
      metricName: 'Errors',
      // AWS Config and SSM retry, so a few transient faults are not a reason to alarm.
      threshold: 5,
    },
  );
  addAlarm(`${key}-throttles`, `The ${key} function is throttled: raise its reserved concurrency.`, {
    ...ofFunction,
    metricName: 'Throttles',
  });
};

const DEAD_LETTERS = 'DeadLetters';

/** A function writes this line to its own log, because the audit log may be what refused. */
const countDeadLetters = (stack: TerraformStack, key: FunctionKey) => {
  addMetricFilter(stack, {
    id: `${key}_dead_letters`,
    metricName: DEAD_LETTERS,
    pattern: `"${DEAD_LETTER_LINE}"`,
    logGroup: functionLogGroup(key),
  });
};

const UNREADABLE = 'Unreadable';

/** Codes that a function throws, so that they are in its own log and not in the audit log. */
const THROWN = ['settings-unreadable', 'stop-switch-unreadable'] as const satisfies readonly ErrorCode[];

const countUnreadable = (stack: TerraformStack, key: FunctionKey) => {
  addMetricFilter(stack, {
    id: `${key}_unreadable`,
    metricName: UNREADABLE,
    pattern: THROWN.map((code) => `?"${code}"`).join(' '),
    logGroup: functionLogGroup(key),
  });
};

/** The rule function goes on without exemptions and reports that, whatever the error code, in the audit log. */
const countUnreadableExemptions = (stack: TerraformStack) => {
  addMetricFilter(stack, {
    id: 'exemptions_unreadable',
    metricName: UNREADABLE,
    pattern: '{ ($.type = "evaluation-failed") && ($.trigger = "*: exemptions") }',
    logGroup: AUDIT_LOG_GROUP,
  });
};

const kebab = (name: string) => name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
