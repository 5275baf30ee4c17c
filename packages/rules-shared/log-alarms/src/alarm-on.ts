import {
  ACCOUNT_TYPE,
  defineRule,
  observeAccount,
  type Permissions,
  type Rule,
  type Session,
} from '@compliance/core/rule';
import { TRAIL_READS } from '@compliance/trails';

import { AlarmFacts } from './alarm-facts.ts';
import { factsOf } from './facts-of.ts';
import type { AlarmedEvents } from './alarmed-events.ts';
import { createAlarm, UNDO_OPERATIONS } from './create-alarm.ts';
import { FixHandles, HANDLE_READS, ownName, readHandles } from './fix-handles.ts';
import { judgeChain } from './judge-chain.ts';
import { CHAIN_READS, loadChain } from './load-chain.ts';
import { Parameters } from './parameters.ts';

type Description = Pick<Rule, 'command' | 'rationale' | 'controls' | 'equivalents' | 'only'> &
  Partial<Pick<Rule, 'severity'>>;

interface AlarmRule extends Description {
  /** `changes of route tables` */
  readonly what: string;
  readonly events: AlarmedEvents;
}

/** Defines a rule that some alarm notifies somebody of these events. */
export const alarmOn = ({
  what,
  events,
  severity = 'low',
  equivalents,
  ...rule
}: AlarmRule): Rule<AlarmFacts, Parameters, FixHandles> => {
  if (events.pattern.length > LONGEST_PATTERN)
    throw new Error(
      `Too long a pattern of ${rule.command}: ${events.pattern.length} characters, not ${LONGEST_PATTERN} at most.`,
    );
  const own = { name: ownName(rule.command), what, events };
  return defineRule({
    ...rule,
    title: `An alarm reports ${what}`,
    severity,
    equivalents: { custodian: ['account: check-cloudtrail'], ...equivalents },
    resourceType: ACCOUNT_TYPE,
    // The chain is in one Region, the trail's, which may be another one.
    deploy: 'home-region',
    triggers: ['schedule'],
    parameters: Parameters,
    needs: ['snsTopicArn'],
    facts: AlarmFacts,
    handles: FixHandles,
    permissions: PERMISSIONS,
    observe: observeAccount(
      async (session) => {
        const chain = await loadChain(session, 'live');
        const facts = factsOf(chain, events, session);
        return { facts, handles: await readHandles({ chain, facts }, own, session) };
      },
      async (session: Session) => ({ facts: factsOf(await loadChain(session, 'shared'), events, session) }),
    ),
    judge: (facts, { parameters, accountId }) =>
      judgeChain(facts, { events, what, hereOnly: rule.only !== undefined, accountId, parameters }),
    fix: (input) => createAlarm(input, own),
    undo: { operations: UNDO_OPERATIONS },
  });
};

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
const LONGEST_PATTERN = 1024;

const LOG_GROUPS = 'arn:*:logs:*:*:log-group:*';
const OWN_ALARMS = `arn:*:cloudwatch:*:*:alarm:${ownName('*')}`;

const PERMISSIONS: Permissions = {
  list: [...TRAIL_READS, ...CHAIN_READS],
  get: [...TRAIL_READS, ...CHAIN_READS, ...HANDLE_READS],
  fix: [
    { action: 'logs:PutMetricFilter', resource: LOG_GROUPS },
    { action: 'cloudwatch:PutMetricAlarm', resource: OWN_ALARMS },
  ],
  undo: [
    { action: 'logs:DeleteMetricFilter', resource: LOG_GROUPS },
    { action: 'cloudwatch:DeleteAlarms', resource: OWN_ALARMS },
  ],
};
