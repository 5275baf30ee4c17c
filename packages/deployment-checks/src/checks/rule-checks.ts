import { configRuleName, type Rule } from '@compliance/core';
import { DOCUMENT, FUNCTIONS, documentArn, functionArn } from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import type { DeployedRule } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import {
  isDeployedTo,
  masterIn,
  coveredPlaces,
  rulesIn,
  isAllowedSomewhere,
  type Check,
  type CheckContext,
} from './check-context.ts';

const CHANGES = ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification'];
const SCHEDULE = 'ScheduledNotification';

const ruleDeployed: Check = (context) =>
  coveredPlaces(context, 'rules').flatMap((place) => {
    if (isExcluded(context, place)) return [];
    const names = rulesAt(context, place).map(({ name }) => name);
    return rulesIn(context, place.account)
      .filter(
        (rule) => isDeployedTo(context, rule, place.region) && !names.includes(configRuleName(rule.command)),
      )
      .map((rule) => ({
        subject: `rule ${configRuleName(rule.command)} ${formatPlace(place)}`,
        problem: `The settings have ${rule.command} on in this account, but no Config rule asks for it.`,
        remedy: "Roll out the conformance packs that follow from today's rules and settings.",
      }));
  });

const accountRolledOut: Check = (context) =>
  coveredPlaces(context, 'rules')
    .filter((place) => isExcluded(context, place))
    .map((place) => ({
      severity: 'warning' as const,
      subject: `account ${place.accountId} in ${place.region}`,
      problem: 'A conformance pack leaves it out, although the settings list it.',
      remedy: 'Go on with the rollout, or take the account out of compliance.yaml.',
    }));

const ruleKnown: Check = (context) =>
  eachRule(context, (deployedRule, rule, subject) => {
    if (rule) return [];
    return [
      {
        subject,
        problem: `Its ComplianceCommand '${deployedRule.inputParameters['ComplianceCommand'] ?? ''}' is none of the product's.`,
        remedy: 'Roll out the packs that follow from the rules; its verdicts never change any more.',
      },
    ];
  });

const ruleNameAndParameters: Check = (context) =>
  eachRule(context, ({ name, inputParameters }, rule, subject) => {
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

const ruleOnce: Check = (context) =>
  coveredPlaces(context, 'rules').flatMap((place) => {
    const names = rulesAt(context, place).map(({ name }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    return [...new Set(twice)].map((name) => ({
      subject: `rule ${name} ${formatPlace(place)}`,
      problem: 'More than one pack brings it: everything is judged, and billed, more than once.',
      remedy: 'Remove it from all packs but one.',
    }));
  });

const ruleInOneRegion: Check = (context) =>
  eachRule(context, ({ region }, rule, subject) => {
    if (!rule || isDeployedTo(context, rule, region)) return [];
    return [
      {
        subject,
        problem: `${rule.command} is judged in the home Region ${context.homeRegion}; here it is judged and billed again.`,
        remedy: 'Keep it in the global pack, which the home Region alone gets.',
      },
    ];
  });

const ruleFunction: Check = (context) =>
  eachRule(context, ({ functionArn: found, region }, _, subject) => {
    const place = masterIn(context, region);
    const expected = functionArn(place, FUNCTIONS.rule);
    if (found !== expected)
      return [
        {
          subject,
          problem: `It invokes ${found}.`,
          remedy: `Let it invoke ${expected}: the function must be in the rule's Region.`,
        },
      ];
    const { functions } = context.deployment;
    const exists = functions.some(
      ({ name, ...where }) => name === FUNCTIONS.rule && sameRegionAs(place)(where),
    );
    if (exists || !isCovered(context.deployment, { part: 'functions', accountId: place.accountId, region }))
      return [];
    return [
      {
        subject,
        problem: `It invokes ${found}, which does not exist.`,
        remedy: 'Apply the regional part of the master module in this Region first.',
      },
    ];
  });

const ruleMessages: Check = (context) =>
  eachRule(context, ({ messageTypes }, rule, subject) => {
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

const ruleScope: Check = (context) =>
  eachRule(context, ({ resourceTypes }, rule, subject) => {
    if (!rule || rule.triggers[0] !== 'change' || resourceTypes.join() === rule.resourceType) return [];
    return [
      {
        subject,
        problem: `Its scope is ${resourceTypes.join(', ') || 'everything'}, and it judges ${rule.resourceType}.`,
        remedy: `Let its scope be ${rule.resourceType}: it answers for nothing else, and each event is billed.`,
      },
    ];
  });

const ruleRemediation: Check = (context) =>
  eachRule(context, ({ remediation }, rule, subject) => {
    if (!rule || remediation || !rule.fix || !isAllowedSomewhere(context, rule, 'plan')) return [];
    return [
      {
        subject,
        problem: 'It has no remediation, although the settings plan or apply its fixes.',
        remedy: "Roll out the packs that follow from today's settings.",
      },
    ];
  });

const ruleRemediationAutomatic: Check = (context) =>
  eachRule(context, ({ remediation }, rule, subject) => {
    if (!rule || !remediation || remediation.automatic === isAllowedSomewhere(context, rule, 'auto'))
      return [];
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

const ruleRemediationDocument: Check = (context) =>
  eachRule(context, ({ remediation, region }, _, subject) => {
    const place = masterIn(context, region);
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
    const exists = context.deployment.documents.some(
      ({ name, ...at_ }) => name === DOCUMENT && sameRegionAs(place)(at_),
    );
    if (exists || !isCovered(context.deployment, { part: 'functions', accountId: place.accountId, region }))
      return [];
    return [
      {
        subject,
        problem: `Its remediation starts ${expected}, which does not exist.`,
        remedy: 'Apply the regional part of the master module in this Region first.',
      },
    ];
  });

const ruleRemediationParameters: Check = (context) =>
  eachRule(context, ({ remediation }, rule, subject) => {
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
  'rule-deployed': ruleDeployed,
  'account-rolled-out': accountRolledOut,
  'rule-known': ruleKnown,
  'rule-name-and-parameters': ruleNameAndParameters,
  'rule-once': ruleOnce,
  'rule-in-one-region': ruleInOneRegion,
  'rule-function': ruleFunction,
  'rule-messages': ruleMessages,
  'rule-scope': ruleScope,
  'rule-remediation': ruleRemediation,
  'rule-remediation-automatic': ruleRemediationAutomatic,
  'rule-remediation-document': ruleRemediationDocument,
  'rule-remediation-parameters': ruleRemediationParameters,
} as const satisfies Record<string, Check>;

interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Those of the product: whatever invokes our function, and whatever bears a name of ours. */
const rulesAt = (context: CheckContext, place: Place): readonly DeployedRule[] => {
  const names = new Set(context.rules.map(({ command }) => configRuleName(command)));
  return context.deployment.rules
    .filter(sameRegionAs(place))
    .filter(({ name, functionArn: arn }) => names.has(name) || arn.endsWith(`:function:${FUNCTIONS.rule}`));
};

const isExcluded = ({ deployment }: CheckContext, { accountId, region }: Place) =>
  deployment.packs.some((pack) => pack.region === region && pack.excludedAccounts.includes(accountId));

const eachRule = (
  context: CheckContext,
  check: (deployedRule: DeployedRule, rule: Rule | undefined, subject: string) => readonly Problem[],
) =>
  coveredPlaces(context, 'rules').flatMap((place) =>
    rulesAt(context, place).flatMap((deployedRule) =>
      check(
        deployedRule,
        context.rules.find(({ command }) => command === deployedRule.inputParameters['ComplianceCommand']),
        `rule ${deployedRule.name} ${formatPlace(place)}`,
      ),
    ),
  );
