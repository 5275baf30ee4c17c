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
import { undetermined, type Problem } from '../model/problem.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { forwardsChanges, masterIn, coveredPlaces, type Check, type CheckContext } from './check-context.ts';

const forwardingRuleOn: Check = (context) =>
  eachPlace(context, (deployed, place) =>
    dueRules(context)
      .map(({ name }) => ({ name, rule: deployed.find((rule) => rule.name === name) }))
      .filter(({ rule }) => rule?.enabled !== true)
      .map(({ name, rule }) => ({
        subject: subjectOf(name, place),
        problem: `${rule ? 'It is disabled' : 'It does not exist'}: the master account hears of no change of a verdict here.`,
        remedy: rule
          ? 'Enable it.'
          : 'Apply the regional part of the member module here, with the forward_changes of the global part.',
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
            problem: 'It forwards changes of rules that are not enabled.',
            remedy: 'Apply the regional part of the member module here, which removes it.',
          },
        ];
      if (rule.pattern === null) return [undetermined(subject, 'its pattern is known only after apply')];
      if (canonical(rule.pattern) === canonical(due.pattern)) return [];
      return [
        {
          subject,
          problem: 'It does not match the compliance changes of the enabled rules, and these alone.',
          remedy: `Let its pattern be ${JSON.stringify(due.pattern)}.`,
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
      if (targets.some(({ arn, roleArn: as }) => arn === bus && as === role)) return [];
      const subject = subjectOf(name, place);
      if (targets.some(({ arn, roleArn: as }) => (arn ?? bus) === bus && (as === null || as === role)))
        return [undetermined(subject, 'where it leads, or as which role, is known only after apply')];
      return [
        {
          subject,
          problem: targets.some(({ arn }) => arn === bus)
            ? `It does not lead to the master account's event bus as the role ${FORWARDING_ROLE}.`
            : "It does not lead to the master account's event bus.",
          remedy: `Let it have the target ${bus} with the role ${role}.`,
        },
      ];
    });
  });

/** Of the rules by which members forward, where they do. */
export const forwardingChecks = {
  'forwarding-rule-on': forwardingRuleOn,
  'forwarding-rule-pattern': forwardingRulePattern,
  'forwarding-rule-target': forwardingRuleTarget,
} as const satisfies Record<string, Check>;

type Place = ReturnType<typeof coveredPlaces>[number];

const dueRules = ({ rules, settings }: CheckContext) =>
  forwardedChanges(rules, settings).map((due, index) => ({ name: forwardingRuleName(index), pattern: due }));

const eachPlace = (
  context: CheckContext,
  check: (deployed: readonly DeployedEventRule[], place: Place) => readonly Problem[],
) =>
  coveredPlaces(context, 'forwarding')
    .filter(({ accountId }) => forwardsChanges(context, accountId) === true)
    .flatMap((place) =>
      check(
        context.deployment.eventRules.filter((rule) => isForwardingRule(rule) && sameRegionAs(place)(rule)),
        place,
      ),
    );

const subjectOf = (name: string, place: Place) => `EventBridge rule ${name} ${formatPlace(place)}`;
