import { canonical } from '@compliance/core';
import {
  EVENT_BUS,
  FORWARDING_ROLE,
  busArn,
  forwardedChanges,
  forwardingRuleName,
  roleArn,
} from '@compliance/infra';

import { isForwardingRule, type DeployedEventRule } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { coveredPlaces, forwardsChanges, masterIn, type Check, type CheckContext } from './check-context.ts';

const forwardingRuleOn: Check = (context) =>
  eachPlace(context, (deployed, place) =>
    dueRules(context)
      .map(({ name }) => ({ name, rule: deployed.find((rule) => rule.name === name) }))
      .filter(({ rule }) => rule?.enabled !== true)
      .map(({ name, rule }) => ({
        subject: subjectOf(name, place),
        problem: `EventBridge rule ${name} ${rule ? 'is disabled' : 'does not exist'}: compliance changes here do not reach the master account.`,
        remedy: rule
          ? `Enable EventBridge rule ${name}.`
          : 'Apply the regional part of the member module here, with forward_changes as in the global part.',
      })),
  );

const forwardingRulePattern: Check = (context) =>
  eachPlace(context, (deployed, place) =>
    deployed.flatMap((rule) => {
      const subject = subjectOf(rule.name, place);
      const due = dueRules(context).find(({ name }) => name === rule.name);
      if (!due)
        return [
          {
            subject,
            problem: `EventBridge rule ${rule.name} forwards changes of rules that are not enabled.`,
            remedy: `Apply the regional part of the member module here: it removes EventBridge rule ${rule.name}.`,
          },
        ];
      if (rule.pattern === null) return [undetermined(subject, 'the pattern is known only after apply')];
      if (canonical(rule.pattern) === canonical(due.pattern)) return [];
      return [
        {
          subject,
          problem: `EventBridge rule ${rule.name} must match the compliance changes of the enabled rules, and nothing else.`,
          remedy: `Set the pattern of EventBridge rule ${rule.name} to ${JSON.stringify(due.pattern)}.`,
        },
      ];
    }),
  );

const forwardingRuleTarget: Check = (context) =>
  eachPlace(context, (deployed, place) => {
    const bus = busArn(masterIn(context, context.homeRegion), EVENT_BUS);
    const { partition } = context.deployment;
    const role = roleArn({ partition, accountId: place.accountId }, FORWARDING_ROLE);
    return deployed.flatMap(({ name, targets }) => {
      if (targets.some((each) => each.arn === bus && each.roleArn === role)) return [];
      const subject = subjectOf(name, place);
      if (
        targets.some((each) => (each.arn ?? bus) === bus && (each.roleArn === null || each.roleArn === role))
      )
        return [undetermined(subject, 'the target or its role is known only after apply')];
      return [
        {
          subject,
          problem: targets.some(({ arn }) => arn === bus)
            ? `EventBridge rule ${name} does not send to the event bus of the master account with role ${FORWARDING_ROLE}.`
            : `EventBridge rule ${name} does not have the event bus of the master account as a target.`,
          remedy: `Give EventBridge rule ${name} the target ${bus} with the role ${role}.`,
        },
      ];
    });
  });

/** Check the EventBridge rules with which members forward compliance changes. */
export const forwardingChecks = {
  'forwarding-rule-on': forwardingRuleOn,
  'forwarding-rule-pattern': forwardingRulePattern,
  'forwarding-rule-target': forwardingRuleTarget,
} as const satisfies Record<string, Check>;

type CoveredPlace = ReturnType<typeof coveredPlaces>[number];

const dueRules = ({ rules, settings }: CheckContext) =>
  forwardedChanges(rules, settings).map((due, index) => ({ name: forwardingRuleName(index), pattern: due }));

const eachPlace = (
  context: CheckContext,
  check: (deployed: readonly DeployedEventRule[], place: CoveredPlace) => readonly Problem[],
) =>
  coveredPlaces(context, 'forwarding')
    .filter(({ accountId }) => forwardsChanges(context, accountId) === true)
    .flatMap((place) =>
      check(
        context.deployment.eventRules.filter((rule) => isForwardingRule(rule) && sameRegionAs(place)(rule)),
        place,
      ),
    );

const subjectOf = (name: string, place: CoveredPlace) => `EventBridge rule ${name} ${formatPlace(place)}`;
