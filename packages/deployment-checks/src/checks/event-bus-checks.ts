import { canonical } from '@compliance/core';
import {
  CHANGES_LOG_GROUP,
  CHANGES_RULE,
  COMPLIANCE_CHANGE,
  EVENT_BUS,
  busArn,
  logGroupArn,
  type RegionalPlace,
} from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import type { DeployedBus, DeployedEventRule } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { lowerCaseKeys, type Statement } from '../model/policy-document.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import {
  isAccountPrincipal,
  principalsIn,
  remainingCondition,
  resourcePolicyAllows,
} from '../policy/resource-policy.ts';
import type { Certainty } from '../policy/service-control.ts';
import { forwardsChanges, masterIn, type Check, type CheckContext } from './check-context.ts';

const eventBus: Check = (context) => {
  const home = masterIn(context, context.homeRegion);
  const { accountId, region } = home;
  if (!isCovered(context.deployment, { part: 'changes', accountId, region }) || busIn(context)) return [];
  if (!context.accounts.some(({ id }) => forwardsChanges(context, id) === true)) return [];
  return [
    {
      subject: busSubject(home),
      problem: `Event bus ${EVENT_BUS} does not exist: changes that members forward are lost.`,
      remedy: 'Apply the master module in the home Region.',
    },
  ];
};

const eventBusAdmitsMembers: Check = (context) =>
  withBus(context, ({ policy }, home) => {
    if (!policy)
      return [undetermined(busSubject(home), 'the policy is known only after apply, or cannot be parsed')];
    const need = { action: 'events:PutEvents', resource: busArn(home, EVENT_BUS) };
    return context.accounts
      .filter(({ id }) => id !== context.masterAccountId && forwardsChanges(context, id) !== false)
      .flatMap(({ id }) => {
        const admitted = resourcePolicyAllows([policy], need, (statement) =>
          matchesMember(statement, context, id),
        );
        if (admitted === 'yes') return [];
        if (admitted === 'perhaps')
          return [
            undetermined(busSubject(home), `whether the policy admits account ${id} depends on a condition`),
          ];
        return [
          {
            subject: busSubject(home),
            problem: `The policy of event bus ${EVENT_BUS} does not admit account ${id}: changes it forwards are rejected.`,
            remedy: `Allow events:PutEvents for ${context.settings.organization.id === undefined ? `account ${id}` : `organization ${context.settings.organization.id}`} in the policy of event bus ${EVENT_BUS}.`,
          },
        ];
      });
  });

const eventBusNotPublic: Check = (context) =>
  withBus(context, ({ policy }, home) =>
    (policy?.Statement ?? [])
      .filter(
        ({ Effect, Principal, NotPrincipal, Condition }) =>
          Effect === 'Allow' &&
          (NotPrincipal !== undefined ||
            (principalsIn(Principal).includes('*') && isMetOutside(Condition, context))),
      )
      .map(() => ({
        subject: busSubject(home),
        problem: `Others than the members may put events on event bus ${EVENT_BUS}, and these would count as compliance changes.`,
        remedy: `In the policy of event bus ${EVENT_BUS}, admit only the organization of the settings, or each member account.`,
      })),
  );

const eventBusRule: Check = (context) =>
  withBus(context, (_, home) => {
    const found = ruleIn(context);
    const subject = ruleSubject(home);
    if (found?.enabled !== true)
      return [
        {
          subject,
          problem: `EventBridge rule ${CHANGES_RULE} ${found ? 'is disabled' : 'does not exist'}: events on the bus are not stored.`,
          remedy: found
            ? `Enable EventBridge rule ${CHANGES_RULE}.`
            : 'Apply the master module in the home Region.',
        },
      ];
    if (found.pattern === null) return [undetermined(subject, 'the pattern is known only after apply')];
    if (canonical(found.pattern) === canonical(COMPLIANCE_CHANGE)) return [];
    return [
      {
        subject,
        problem: `EventBridge rule ${CHANGES_RULE} must match the compliance changes that members forward, and nothing else.`,
        remedy: `Set the pattern of EventBridge rule ${CHANGES_RULE} to ${JSON.stringify(COMPLIANCE_CHANGE)}.`,
      },
    ];
  });

const eventBusTarget: Check = (context) =>
  withRule(context, ({ targets }, home) => {
    const log = logGroupArn(home, CHANGES_LOG_GROUP);
    if (targets.some(({ arn }) => arn === log || arn === `${log}:*`)) return [];
    if (targets.some(({ arn }) => arn === null))
      return [undetermined(ruleSubject(home), 'the target is known only after apply')];
    return [
      {
        subject: ruleSubject(home),
        problem: `EventBridge rule ${CHANGES_RULE} does not have log group ${CHANGES_LOG_GROUP} as a target.`,
        remedy: `Add the target ${log} to EventBridge rule ${CHANGES_RULE}.`,
      },
    ];
  });

const changesLogGroup: Check = (context) =>
  withRule(context, (_, home) =>
    context.deployment.logGroups.some(
      (group) => group.name === CHANGES_LOG_GROUP && sameRegionAs(home)(group),
    )
      ? []
      : [
          {
            subject: logSubject(home),
            problem: `Log group ${CHANGES_LOG_GROUP} does not exist: events on the event bus are lost.`,
            remedy: 'Apply the master module in the home Region.',
          },
        ],
  );

const changesLogAdmitsEvents: Check = (context) =>
  withRule(context, (_, home) => {
    const policies = context.deployment.logPolicies
      .filter(sameRegionAs(home))
      .map(({ document }) => document);
    const documents = policies.filter((document) => document !== undefined);
    const resource = `${logGroupArn(home, CHANGES_LOG_GROUP)}:log-stream:any`;
    const answers = WRITING.map((action) =>
      resourcePolicyAllows(documents, { action, resource }, (statement) =>
        matchesEventBridge(statement, context),
      ),
    );
    if (answers.every((answer) => answer === 'yes')) return [];
    if (answers.includes('perhaps') || documents.length < policies.length)
      return [
        undetermined(logSubject(home), 'the known policies do not show whether EventBridge may write to it'),
      ];
    return [
      {
        subject: logSubject(home),
        problem: `EventBridge may not write to log group ${CHANGES_LOG_GROUP}: events on the event bus are lost.`,
        remedy: `Allow ${WRITING.join(' and ')} on log group ${CHANGES_LOG_GROUP} for ${EVENTS} in a resource policy of CloudWatch Logs.`,
      },
    ];
  });

/** Check the bus of compliance changes, its rule and its log. */
export const eventBusChecks = {
  'event-bus': eventBus,
  'event-bus-admits-members': eventBusAdmitsMembers,
  'event-bus-not-public': eventBusNotPublic,
  'event-bus-rule': eventBusRule,
  'event-bus-target': eventBusTarget,
  'changes-log-group': changesLogGroup,
  'changes-log-admits-events': changesLogAdmitsEvents,
} as const satisfies Record<string, Check>;

const EVENTS = 'events.amazonaws.com';
const WRITING = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const busIn = (context: CheckContext): DeployedBus | undefined =>
  context.deployment.eventBuses.find(
    (bus) => bus.name === EVENT_BUS && sameRegionAs(masterIn(context, context.homeRegion))(bus),
  );

const ruleIn = (context: CheckContext): DeployedEventRule | undefined =>
  context.deployment.eventRules.find(
    ({ name, bus, ...place }) =>
      name === CHANGES_RULE &&
      bus === EVENT_BUS &&
      sameRegionAs(masterIn(context, context.homeRegion))(place),
  );

const withBus = (
  context: CheckContext,
  check: (bus: DeployedBus, home: RegionalPlace) => readonly Problem[],
): readonly Problem[] => {
  const bus = busIn(context);
  return bus ? check(bus, masterIn(context, context.homeRegion)) : [];
};

const withRule = (
  context: CheckContext,
  check: (rule: DeployedEventRule, home: RegionalPlace) => readonly Problem[],
): readonly Problem[] => {
  const found = ruleIn(context);
  return found ? check(found, masterIn(context, context.homeRegion)) : [];
};

const busSubject = (home: RegionalPlace) => `event bus ${EVENT_BUS} ${formatPlace(home)}`;
const ruleSubject = (home: RegionalPlace) => `EventBridge rule ${CHANGES_RULE} of ${busSubject(home)}`;
const logSubject = (home: RegionalPlace) => `log group ${CHANGES_LOG_GROUP} ${formatPlace(home)}`;

/** Whether a statement of the bus policy applies to an account. */
const matchesMember = (
  { Principal, NotPrincipal, Condition }: Statement,
  context: CheckContext,
  accountId: string,
): Certainty => {
  if (NotPrincipal !== undefined) return 'perhaps';
  const names = principalsIn(Principal);
  if (!names.some((name) => name === '*' || isAccountPrincipal(name, accountId)))
    return names.some((name) => name.includes(`:${accountId}:`)) ? 'perhaps' : 'no';
  const remaining = remainingCondition(Condition, CHANGE);
  if (remaining === undefined) return 'no';
  if (Object.keys(remaining).length === 0) return 'yes';
  const organizations = organizationsIn(remaining);
  if (organizations === undefined) return 'perhaps';
  return isOwn(organizations, context) ? 'yes' : 'no';
};

const matchesEventBridge = (
  { Principal, NotPrincipal, Condition }: Statement,
  { masterAccountId }: CheckContext,
): Certainty => {
  if (NotPrincipal !== undefined) return 'perhaps';
  if (!principalsIn(Principal).some((name) => name === '*' || name === EVENTS)) return 'no';
  const remaining = remainingCondition(Condition, { 'aws:sourceaccount': masterAccountId });
  if (remaining === undefined) return 'no';
  return Object.keys(remaining).length === 0 ? 'yes' : 'perhaps';
};

/** The condition keys of an event that members forward. */
const CHANGE = {
  'events:source': COMPLIANCE_CHANGE.source[0],
  'events:detail-type': COMPLIANCE_CHANGE['detail-type'][0],
};

/** The organizations that a condition requires, if it requires nothing more. */
const organizationsIn = (condition: Statement['Condition']): readonly string[] | undefined => {
  const [[operator, keys] = [], ...more] = Object.entries(condition);
  if (operator !== 'StringEquals' || more.length > 0 || Object.keys(keys ?? {}).length !== 1)
    return undefined;
  return lowerCaseKeys(keys ?? {})['aws:principalorgid'];
};

const isOwn = (organizations: readonly string[], { settings }: CheckContext): boolean =>
  settings.organization.id !== undefined && organizations.includes(settings.organization.id);

/** Whether principals of other organizations meet a condition, as far as it can be told. */
const isMetOutside = (condition: Statement['Condition'], context: CheckContext): boolean => {
  const remaining = remainingCondition(condition, CHANGE) ?? condition;
  const organizations = organizationsIn(remaining);
  return (
    Object.keys(remaining).length === 0 || (organizations !== undefined && !isOwn(organizations, context))
  );
};
