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
import { unknown, type Problem } from '../model/problem.ts';
import { at, isIn } from '../model/place.ts';
import { forwards, masterIn, placesLooked, type Check, type Wiring } from './check-context.ts';

const on: Check = (wiring) =>
  eachPlace(wiring, (deployed, place) =>
    dueRules(wiring)
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

const pattern: Check = (wiring) =>
  eachPlace(wiring, (deployed, place) =>
    deployed.flatMap((rule) => {
      const subject = subjectOf(rule.name, place);
      const due = dueRules(wiring).find(({ name }) => name === rule.name);
      if (!due)
        return [
          {
            subject,
            problem: 'It forwards changes of rules that are not enabled.',
            remedy: 'Apply the regional part of the member module here, which removes it.',
          },
        ];
      if (rule.pattern === null) return [unknown(subject, 'its pattern is known only after apply')];
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

const target: Check = (wiring) =>
  eachPlace(wiring, (deployed, place) => {
    const bus = busArn(masterIn(wiring, wiring.homeRegion), EVENT_BUS);
    const { partition } = wiring.deployment;
    const role = roleArn({ partition, accountId: place.accountId }, FORWARDING_ROLE);
    return deployed.flatMap(({ name, targets }) => {
      if (targets.some(({ arn, roleArn: as }) => arn === bus && as === role)) return [];
      const subject = subjectOf(name, place);
      if (targets.some(({ arn, roleArn: as }) => (arn ?? bus) === bus && (as === null || as === role)))
        return [unknown(subject, 'where it leads, or as which role, is known only after apply')];
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
  'forwarding-rule-on': on,
  'forwarding-rule-pattern': pattern,
  'forwarding-rule-target': target,
} as const satisfies Record<string, Check>;

type Place = ReturnType<typeof placesLooked>[number];

const dueRules = ({ rules, settings }: Wiring) =>
  forwardedChanges(rules, settings).map((due, index) => ({ name: forwardingRuleName(index), pattern: due }));

const eachPlace = (
  wiring: Wiring,
  check: (deployed: readonly DeployedEventRule[], place: Place) => readonly Problem[],
) =>
  placesLooked(wiring, 'forwarding')
    .filter(({ accountId }) => forwards(wiring, accountId) === true)
    .flatMap((place) =>
      check(
        wiring.deployment.eventRules.filter((rule) => isForwardingRule(rule) && isIn(place)(rule)),
        place,
      ),
    );

const subjectOf = (name: string, place: Place) => `EventBridge rule ${name} ${at(place)}`;
