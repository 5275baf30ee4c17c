import { PACK_SUFFIX, configRuleName, type Rule, type Settings } from '@compliance/core';

import { accountArn, busArn, eventRuleArn, logGroupArn, type AccountPlace } from '../names/arn.ts';
import { CHANGES_LOG_GROUP, CHANGES_RULE, EVENT_BUS, FORWARDING_ROLE } from '../names/names.ts';
import { enabledRules } from '../packs/enabled-rules.ts';
import { splitPolicy } from '../policies/split-policy.ts';
import { trustOfEvents, type RoleSpecification } from '../policies/trust-policy.ts';

/** The event that AWS Config sends to EventBridge when a verdict changes. */
export const COMPLIANCE_CHANGE = {
  source: ['aws.config'],
  'detail-type': ['Config Rules Compliance Change'],
} as const;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const PATTERN_CHARACTERS = 2048;

/**
 * The event patterns with which a member forwards the compliance changes of the enabled rules.
 * Several, because EventBridge limits the length of a pattern.
 */
export const forwardedChanges = (
  rules: readonly Rule[],
  settings: Settings,
): readonly ReturnType<typeof patternOf>[] => {
  const names = enabledRules(rules, settings)
    .map(({ command }) => configRuleName(command))
    .toSorted();
  const groups: string[][] = [];
  for (const name of names) {
    const last = groups.at(-1);
    if (last && JSON.stringify(patternOf([...last, name])).length <= PATTERN_CHARACTERS) last.push(name);
    else groups.push([name]);
  }
  return groups.map(patternOf);
};

/** The name of the EventBridge rule for the pattern at this index of `forwardedChanges`. */
export const forwardingRuleName = (index: number): string =>
  index === 0 ? CHANGES_RULE : `${CHANGES_RULE}-${index + 1}`;

/** Matches by prefix, because AWS Config adds an unpredictable suffix to the rules of a pack. */
const patternOf = (names: readonly string[]) => ({
  ...COMPLIANCE_CHANGE,
  detail: { configRuleName: names.map((name) => ({ prefix: `${name}${PACK_SUFFIX}` })) },
});

/** The role with which EventBridge forwards: it may only put events on the master account's bus. */
export const forwardingRole = (
  member: AccountPlace,
  organization: Settings['organization'],
): RoleSpecification => ({
  name: FORWARDING_ROLE,
  trust: trustOfEvents(member.accountId, eventRuleArn({ ...member, region: '*' }, `${CHANGES_RULE}*`)),
  policies: splitPolicy(FORWARDING_ROLE, [
    {
      action: 'events:PutEvents',
      resource: busArn(homeOf(organization, member.partition), EVENT_BUS),
    },
  ]),
});

/**
 * Allows the organization or, without one, each member to put events of AWS Config's compliance changes on the bus.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html
 */
export const busPolicy = (
  { organization, accounts }: Pick<Settings, 'organization' | 'accounts'>,
  partition: string,
) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Members',
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: busArn(homeOf(organization, partition), EVENT_BUS),
      Principal:
        organization.id === undefined
          ? { AWS: accounts.map(({ id }) => accountArn({ partition, accountId: id })) }
          : '*',
      // A call may name several sources, so their condition is about all; the detail type makes it hold for one at least.
      Condition: {
        StringEquals: {
          ...(organization.id !== undefined && { 'aws:PrincipalOrgID': organization.id }),
          'events:detail-type': COMPLIANCE_CHANGE['detail-type'],
        },
        'ForAllValues:StringEquals': { 'events:source': COMPLIANCE_CHANGE.source },
      },
    },
  ],
});

/** Allows EventBridge to write the events of the bus to the log. */
export const changesLogPolicy = (organization: Settings['organization'], partition: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `${logGroupArn(homeOf(organization, partition), CHANGES_LOG_GROUP)}:*`,
      // Only for rules of this account.
      Condition: { StringEquals: { 'aws:SourceAccount': organization.masterAccountId } },
    },
  ],
});

const homeOf = ({ homeRegion, masterAccountId }: Settings['organization'], partition: string) => ({
  partition,
  region: homeRegion,
  accountId: masterAccountId,
});
