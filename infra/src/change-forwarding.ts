import { configRuleName, type Rule, type Settings } from '@compliance/core';

import { busArn, eventRuleArn, type AccountPlace } from './arn.ts';
import { CHANGES_RULE, EVENT_BUS, FORWARDING_ROLE } from './names.ts';
import { enabledRules } from './recorded-types.ts';
import { splitPolicy } from './split-policy.ts';
import { trustOfEvents, type RoleSpecification } from './trust-policy.ts';

/** What AWS Config tells EventBridge when a verdict became another. */
export const COMPLIANCE_CHANGE = {
  source: ['aws.config'],
  'detail-type': ['Config Rules Compliance Change'],
} as const;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const PATTERN_CHARACTERS = 2048;

/**
 * The patterns by which a member forwards the compliance changes of the enabled rules, and of no others: as many as it
 * takes, since a pattern must not be too long.
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

/** AWS Config gives the rules of a pack a suffix that nobody knows before. */
const patternOf = (names: readonly string[]) => ({
  ...COMPLIANCE_CHANGE,
  detail: { configRuleName: names.map((name) => ({ prefix: `${name}-conformance-pack-` })) },
});

/** What EventBridge forwards as: it may put events on the bus of the master account, and nothing else. */
export const forwardingRole = (
  member: AccountPlace,
  { masterAccountId, homeRegion }: Settings['organization'],
): RoleSpecification => ({
  name: FORWARDING_ROLE,
  trust: trustOfEvents(member.accountId, eventRuleArn({ ...member, region: '*' }, `${CHANGES_RULE}*`)),
  policies: splitPolicy(FORWARDING_ROLE, [
    {
      action: 'events:PutEvents',
      resource: busArn(
        { partition: member.partition, region: homeRegion, accountId: masterAccountId },
        EVENT_BUS,
      ),
    },
  ]),
});
