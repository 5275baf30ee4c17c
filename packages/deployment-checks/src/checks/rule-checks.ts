import { configRuleName, type Rule } from '@compliance/core';
import { DOCUMENT, FUNCTIONS, documentArn, functionArn } from '@compliance/infra';

import { hasLooked, type DeployedRule } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import { at, isIn } from '../model/place.ts';
import {
  isDueIn,
  masterIn,
  placesLooked,
  rulesIn,
  someAllow,
  type Check,
  type Wiring,
} from './check-context.ts';

const CHANGES = ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification'];
const SCHEDULE = 'ScheduledNotification';

const deployed: Check = (wiring) =>
  placesLooked(wiring, 'rules').flatMap((place) => {
    if (isExcluded(wiring, place)) return [];
    const names = rulesAt(wiring, place).map(({ name }) => name);
    return rulesIn(wiring, place.account)
      .filter((rule) => isDueIn(wiring, rule, place.region) && !names.includes(configRuleName(rule.command)))
      .map((rule) => ({
        subject: `rule ${configRuleName(rule.command)} ${at(place)}`,
        problem: `The settings have ${rule.command} on in this account, but no Config rule asks for it.`,
        remedy: "Roll out the conformance packs that follow from today's rules and settings.",
      }));
  });

const excluded: Check = (wiring) =>
  placesLooked(wiring, 'rules')
    .filter((place) => isExcluded(wiring, place))
    .map((place) => ({
      severity: 'warning' as const,
      subject: `account ${place.accountId} in ${place.region}`,
      problem: 'A conformance pack leaves it out, although the settings list it.',
      remedy: 'Go on with the rollout, or take the account out of compliance.yaml.',
    }));

const known: Check = (wiring) =>
  eachRule(wiring, (deployedRule, rule, subject) => {
    if (rule) return [];
    return [
      {
        subject,
        problem: `Its ComplianceCommand '${deployedRule.inputParameters['ComplianceCommand'] ?? ''}' is none of the product's.`,
        remedy: 'Roll out the packs that follow from the rules; its verdicts never change any more.',
      },
    ];
  });

const named: Check = (wiring) =>
  eachRule(wiring, ({ name, inputParameters }, rule, subject) => {
    if (!rule) return [];
    const expected = configRuleName(rule.command);
    const extra = Object.keys(inputParameters).filter((key) => key !== 'ComplianceCommand');
    const problems = [
      name !== expected && `It asks for ${rule.command}, whose rule is named ${expected}.`,
      extra.length > 0 &&
        `Its parameters ${extra.join(', ')} are not read: parameters come from the settings.`,
    ].filter((problem) => problem !== false);
    if (problems.length === 0) return [];
    return [
      { subject, problem: problems.join(' '), remedy: 'Roll out the packs that follow from the rules.' },
    ];
  });

const once: Check = (wiring) =>
  placesLooked(wiring, 'rules').flatMap((place) => {
    const names = rulesAt(wiring, place).map(({ name }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    return [...new Set(twice)].map((name) => ({
      subject: `rule ${name} ${at(place)}`,
      problem: 'More than one pack brings it: everything is judged, and billed, more than once.',
      remedy: 'Remove it from all packs but one.',
    }));
  });

const oneRegion: Check = (wiring) =>
  eachRule(wiring, ({ region }, rule, subject) => {
    if (!rule || isDueIn(wiring, rule, region)) return [];
    return [
      {
        subject,
        problem: `${rule.command} is judged in the home Region ${wiring.homeRegion}; here it is judged and billed again.`,
        remedy: 'Keep it in the global pack, which the home Region alone gets.',
      },
    ];
  });

const functionOf: Check = (wiring) =>
  eachRule(wiring, ({ functionArn: found, region }, _, subject) => {
    const place = masterIn(wiring, region);
    const expected = functionArn(place, FUNCTIONS.rule);
    if (found !== expected)
      return [
        {
          subject,
          problem: `It invokes ${found}.`,
          remedy: `Let it invoke ${expected}: the function must be in the rule's Region.`,
        },
      ];
    const { functions } = wiring.deployment;
    const exists = functions.some(({ name, ...where }) => name === FUNCTIONS.rule && isIn(place)(where));
    if (exists || !hasLooked(wiring.deployment, { part: 'functions', accountId: place.accountId, region }))
      return [];
    return [
      {
        subject,
        problem: `It invokes ${found}, which does not exist.`,
        remedy: 'Apply the regional part of the master module in this Region first.',
      },
    ];
  });

const messages: Check = (wiring) =>
  eachRule(wiring, ({ messageTypes }, rule, subject) => {
    if (!rule) return [];
    const due = rule.triggers[0] === 'change' ? [...CHANGES, SCHEDULE] : [SCHEDULE];
    const missing = due.filter((type) => !messageTypes.includes(type));
    if (missing.length === 0) return [];
    return [
      {
        subject,
        problem: `It is not told of ${missing.join(', ')}.`,
        remedy: 'Roll out the packs that follow from the rules: without it, some resources are never judged.',
      },
    ];
  });

const scope: Check = (wiring) =>
  eachRule(wiring, ({ resourceTypes }, rule, subject) => {
    if (!rule || rule.triggers[0] !== 'change' || resourceTypes.join() === rule.resourceType) return [];
    return [
      {
        subject,
        problem: `Its scope is ${resourceTypes.join(', ') || 'everything'}, and it judges ${rule.resourceType}.`,
        remedy: `Let its scope be ${rule.resourceType}: it answers for nothing else, and each event is billed.`,
      },
    ];
  });

const remediated: Check = (wiring) =>
  eachRule(wiring, ({ remediation }, rule, subject) => {
    if (!rule || remediation || !rule.fix || !someAllow(wiring, rule, 'plan')) return [];
    return [
      {
        subject,
        problem: 'It has no remediation, although the settings plan or apply its fixes.',
        remedy: "Roll out the packs that follow from today's settings.",
      },
    ];
  });

const automatic: Check = (wiring) =>
  eachRule(wiring, ({ remediation }, rule, subject) => {
    if (!rule || !remediation || remediation.automatic === someAllow(wiring, rule, 'auto')) return [];
    return [
      {
        subject,
        problem: remediation.automatic
          ? 'Its remediation starts by itself, and no account has it in mode auto.'
          : 'Its remediation does not start by itself, and some account has it in mode auto.',
        remedy: "Roll out the packs that follow from today's settings.",
      },
    ];
  });

const remediationDocument: Check = (wiring) =>
  eachRule(wiring, ({ remediation, region }, _, subject) => {
    const place = masterIn(wiring, region);
    const expected = documentArn(place, DOCUMENT);
    if (!remediation) return [];
    if (remediation.documentArn !== expected)
      return [
        {
          subject,
          problem: `Its remediation starts ${remediation.documentArn}.`,
          remedy: `Let it start ${expected}, by its full ARN: the document belongs to the master account.`,
        },
      ];
    const exists = wiring.deployment.documents.some(
      ({ name, ...at_ }) => name === DOCUMENT && isIn(place)(at_),
    );
    if (exists || !hasLooked(wiring.deployment, { part: 'functions', accountId: place.accountId, region }))
      return [];
    return [
      {
        subject,
        problem: `Its remediation starts ${expected}, which does not exist.`,
        remedy: 'Apply the regional part of the master module in this Region first.',
      },
    ];
  });

const remediationParameters: Check = (wiring) =>
  eachRule(wiring, ({ remediation }, rule, subject) => {
    if (!rule || !remediation) return [];
    const expected = {
      ComplianceCommand: rule.command,
      ResourceType: rule.resourceType,
      ResourceId: 'RESOURCE_ID',
    };
    const wrong = Object.entries(expected).filter(([name, value]) => remediation.parameters[name] !== value);
    if (wrong.length === 0) return [];
    return [
      {
        subject,
        problem: wrong
          .map(
            ([name, value]) =>
              `Its remediation gives ${name} as '${remediation.parameters[name] ?? ''}', not '${value}'.`,
          )
          .join(' '),
        remedy: 'Roll out the packs that follow from the rules.',
      },
    ];
  });

export const ruleChecks = {
  'rule-deployed': deployed,
  'account-rolled-out': excluded,
  'rule-known': known,
  'rule-name-and-parameters': named,
  'rule-once': once,
  'rule-in-one-region': oneRegion,
  'rule-function': functionOf,
  'rule-messages': messages,
  'rule-scope': scope,
  'rule-remediation': remediated,
  'rule-remediation-automatic': automatic,
  'rule-remediation-document': remediationDocument,
  'rule-remediation-parameters': remediationParameters,
} as const satisfies Record<string, Check>;

interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Those of the product: whatever invokes our function, and whatever bears a name of ours. */
const rulesAt = (wiring: Wiring, place: Place): readonly DeployedRule[] => {
  const names = new Set(wiring.rules.map(({ command }) => configRuleName(command)));
  return wiring.deployment.rules
    .filter(isIn(place))
    .filter(({ name, functionArn: arn }) => names.has(name) || arn.endsWith(`:function:${FUNCTIONS.rule}`));
};

const isExcluded = ({ deployment }: Wiring, { accountId, region }: Place) =>
  deployment.packs.some((pack) => pack.region === region && pack.excludedAccounts.includes(accountId));

const eachRule = (
  wiring: Wiring,
  check: (deployedRule: DeployedRule, rule: Rule | undefined, subject: string) => readonly Problem[],
) =>
  placesLooked(wiring, 'rules').flatMap((place) =>
    rulesAt(wiring, place).flatMap((deployedRule) =>
      check(
        deployedRule,
        wiring.rules.find(({ command }) => command === deployedRule.inputParameters['ComplianceCommand']),
        `rule ${deployedRule.name} ${at(place)}`,
      ),
    ),
  );
