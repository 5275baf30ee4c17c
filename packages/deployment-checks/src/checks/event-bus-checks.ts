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

import { hasLooked, type DeployedBus, type DeployedEventRule } from '../model/deployment.ts';
import { unknown, type Problem } from '../model/problem.ts';
import { lowerKeys, type Statement } from '../model/policy-document.ts';
import { isAccount, letsIn, principalsIn } from '../policy/resource-policy.ts';
import type { Certainty } from '../policy/service-control.ts';
import { at, isIn } from '../model/place.ts';
import { forwards, masterIn, type Check, type Wiring } from './check-context.ts';

const existing: Check = (wiring) => {
  const home = masterIn(wiring, wiring.homeRegion);
  const { accountId, region } = home;
  if (!hasLooked(wiring.deployment, { part: 'changes', accountId, region }) || busIn(wiring)) return [];
  if (!wiring.accounts.some(({ id }) => forwards(wiring, id) === true)) return [];
  return [
    {
      subject: busSubject(home),
      problem: 'It does not exist there: what members forward arrives nowhere.',
      remedy: 'Apply the master module in the home Region.',
    },
  ];
};

const admitsMembers: Check = (wiring) =>
  ofBus(wiring, ({ policy }, home) => {
    if (!policy)
      return [unknown(busSubject(home), 'its policy is known only after apply, or not understood')];
    const need = { action: 'events:PutEvents', resource: busArn(home, EVENT_BUS) };
    return wiring.accounts
      .filter(({ id }) => id !== wiring.masterAccountId && forwards(wiring, id) !== false)
      .flatMap(({ id }) => {
        const admitted = letsIn([policy], need, (statement) => speaksOf(statement, wiring, id));
        if (admitted === 'yes') return [];
        if (admitted === 'perhaps')
          return [unknown(busSubject(home), `whether its policy admits ${id} hangs on a condition`)];
        return [
          {
            subject: busSubject(home),
            problem: `Its policy does not admit account ${id}: what it forwards is refused.`,
            remedy: `Allow events:PutEvents to ${wiring.settings.organization.id === undefined ? `the account ${id}` : `everyone of the organization ${wiring.settings.organization.id}`}.`,
          },
        ];
      });
  });

const notPublic: Check = (wiring) =>
  ofBus(wiring, ({ policy }, home) =>
    (policy?.Statement ?? [])
      .filter(
        ({ Effect, Principal, NotPrincipal, Condition }) =>
          Effect === 'Allow' &&
          (NotPrincipal !== undefined ||
            (principalsIn(Principal).includes('*') &&
              (Object.keys(Condition).length === 0 || isOtherOrganization(Condition, wiring)))),
      )
      .map(() => ({
        subject: busSubject(home),
        problem: 'Others than the members may put events on it, which would be taken for compliance changes.',
        remedy: 'Admit the organization of the settings, or the member accounts one by one.',
      })),
  );

const rule: Check = (wiring) =>
  ofBus(wiring, (_, home) => {
    const found = ruleIn(wiring);
    const subject = ruleSubject(home);
    if (found?.enabled !== true)
      return [
        {
          subject,
          problem: `${found ? 'It is disabled' : 'It does not exist'}: what arrives on the bus is not kept.`,
          remedy: found ? 'Enable it.' : 'Apply the master module in the home Region.',
        },
      ];
    if (found.pattern === null) return [unknown(subject, 'its pattern is known only after apply')];
    if (canonical(found.pattern) === canonical(COMPLIANCE_CHANGE)) return [];
    return [
      {
        subject,
        problem: 'It does not match the compliance changes that members forward, and these alone.',
        remedy: `Let its pattern be ${JSON.stringify(COMPLIANCE_CHANGE)}.`,
      },
    ];
  });

const target: Check = (wiring) =>
  ofRule(wiring, ({ targets }, home) => {
    const log = logGroupArn(home, CHANGES_LOG_GROUP);
    if (targets.some(({ arn }) => arn === log || arn === `${log}:*`)) return [];
    if (targets.some(({ arn }) => arn === null))
      return [unknown(ruleSubject(home), 'where it leads is known only after apply')];
    return [
      {
        subject: ruleSubject(home),
        problem: `It does not lead to the log group ${CHANGES_LOG_GROUP}.`,
        remedy: `Let it have the target ${log}.`,
      },
    ];
  });

const logGroup: Check = (wiring) =>
  ofRule(wiring, (_, home) =>
    wiring.deployment.logGroups.some((group) => group.name === CHANGES_LOG_GROUP && isIn(home)(group))
      ? []
      : [
          {
            subject: logSubject(home),
            problem: 'It does not exist: what arrives on the event bus is lost.',
            remedy: 'Apply the master module in the home Region.',
          },
        ],
  );

const logAdmits: Check = (wiring) =>
  ofRule(wiring, (_, home) => {
    const policies = wiring.deployment.logPolicies.filter(isIn(home)).map(({ document }) => document);
    const documents = policies.filter((document) => document !== undefined);
    const resource = `${logGroupArn(home, CHANGES_LOG_GROUP)}:log-stream:any`;
    const answers = WRITING.map((action) => letsIn(documents, { action, resource }, speaksOfEvents));
    if (answers.every((answer) => answer === 'yes')) return [];
    if (answers.includes('perhaps') || documents.length < policies.length)
      return [
        unknown(
          logSubject(home),
          'whether EventBridge may write to it is not in the policies that are known',
        ),
      ];
    return [
      {
        subject: logSubject(home),
        problem: 'EventBridge may not write to it: what arrives on the event bus is lost.',
        remedy: `Allow ${WRITING.join(' and ')} on it to ${EVENTS} in a resource policy of CloudWatch Logs.`,
      },
    ];
  });

/** Of the bus that members forward to, and what becomes of their changes. */
export const eventBusChecks = {
  'event-bus': existing,
  'event-bus-admits-members': admitsMembers,
  'event-bus-not-public': notPublic,
  'event-bus-rule': rule,
  'event-bus-target': target,
  'changes-log-group': logGroup,
  'changes-log-admits-events': logAdmits,
} as const satisfies Record<string, Check>;

const EVENTS = 'events.amazonaws.com';
const WRITING = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const busIn = (wiring: Wiring): DeployedBus | undefined =>
  wiring.deployment.eventBuses.find(
    (bus) => bus.name === EVENT_BUS && isIn(masterIn(wiring, wiring.homeRegion))(bus),
  );

const ruleIn = (wiring: Wiring): DeployedEventRule | undefined =>
  wiring.deployment.eventRules.find(
    ({ name, bus, ...place }) =>
      name === CHANGES_RULE && bus === EVENT_BUS && isIn(masterIn(wiring, wiring.homeRegion))(place),
  );

const ofBus = (
  wiring: Wiring,
  check: (bus: DeployedBus, home: RegionalPlace) => readonly Problem[],
): readonly Problem[] => {
  const bus = busIn(wiring);
  return bus ? check(bus, masterIn(wiring, wiring.homeRegion)) : [];
};

const ofRule = (
  wiring: Wiring,
  check: (rule: DeployedEventRule, home: RegionalPlace) => readonly Problem[],
): readonly Problem[] => {
  const found = ruleIn(wiring);
  return found ? check(found, masterIn(wiring, wiring.homeRegion)) : [];
};

const busSubject = (home: RegionalPlace) => `event bus ${EVENT_BUS} ${at(home)}`;
const ruleSubject = (home: RegionalPlace) => `EventBridge rule ${CHANGES_RULE} of ${busSubject(home)}`;
const logSubject = (home: RegionalPlace) => `log group ${CHANGES_LOG_GROUP} ${at(home)}`;

/** Whether a statement of the bus's policy speaks of what an account forwards. */
const speaksOf = (
  { Principal, NotPrincipal, Condition }: Statement,
  wiring: Wiring,
  accountId: string,
): Certainty => {
  if (NotPrincipal !== undefined) return 'perhaps';
  const names = principalsIn(Principal);
  if (!names.some((name) => name === '*' || isAccount(name, accountId)))
    return names.some((name) => name.includes(`:${accountId}:`)) ? 'perhaps' : 'no';
  if (Object.keys(Condition).length === 0) return 'yes';
  if (isOtherOrganization(Condition, wiring)) return 'no';
  return organizationsIn(Condition) ? 'yes' : 'perhaps';
};

const speaksOfEvents = ({ Principal, NotPrincipal, Condition }: Statement): Certainty => {
  if (NotPrincipal !== undefined) return 'perhaps';
  if (!principalsIn(Principal).some((name) => name === '*' || name === EVENTS)) return 'no';
  return Object.keys(Condition).length === 0 ? 'yes' : 'perhaps';
};

/** The organizations that a condition asks for, if that is all it asks for. */
const organizationsIn = (condition: Statement['Condition']): readonly string[] | undefined => {
  const [[operator, keys] = [], ...more] = Object.entries(condition);
  if (operator !== 'StringEquals' || more.length > 0 || Object.keys(keys ?? {}).length !== 1)
    return undefined;
  return lowerKeys(keys ?? {})['aws:principalorgid'];
};

const isOtherOrganization = (condition: Statement['Condition'], { settings }: Wiring): boolean => {
  const ids = organizationsIn(condition);
  const { id } = settings.organization;
  return ids !== undefined && (id === undefined || !ids.includes(id));
};
