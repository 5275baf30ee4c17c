import { configRuleName, type Rule } from '@compliance/core';
import { DOCUMENT, FUNCTIONS, documentArn, functionArn, isAllowedSomewhere } from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import type { DeployedRule } from '../model/deployment.ts';
import { formatPlace, sameRegionAs, type AccountRegion } from '../model/place.ts';
import type { Problem } from '../model/problem.ts';
import {
  coveredPlaces,
  isDeployedTo,
  masterIn,
  rulesIn,
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
        problem: `The settings enable ${rule.command} in account ${place.accountId}, but Config rule ${configRuleName(rule.command)} does not exist.`,
        remedy: 'Roll out the packs of the current rules and settings.',
      }));
  });

const accountRolledOut: Check = (context) =>
  coveredPlaces(context, 'rules')
    .filter((place) => isExcluded(context, place))
    .map((place) => ({
      severity: 'warning' as const,
      subject: `account ${place.accountId} in ${place.region}`,
      problem: `A conformance pack excludes account ${place.accountId}, which the settings list.`,
      remedy: `Continue the rollout, or remove account ${place.accountId} from compliance.yaml.`,
    }));

const ruleKnown: Check = (context) =>
  eachRule(context, (deployedRule, rule, subject) => {
    if (rule) return [];
    return [
      {
        subject,
        problem: `Rule ${deployedRule.name} has the ComplianceCommand '${deployedRule.inputParameters['ComplianceCommand'] ?? ''}', which the product does not have.`,
        remedy: `Roll out the packs of the current rules: rule ${deployedRule.name} is never evaluated again.`,
      },
    ];
  });

const ruleNameAndParameters: Check = (context) =>
  eachRule(context, ({ name, inputParameters }, rule, subject) => {
    if (!rule) return [];
    const expected = configRuleName(rule.command);
    const extra = Object.keys(inputParameters).filter((key) => key !== 'ComplianceCommand');
    const problems = [
      name !== expected && `Rule ${name} evaluates ${rule.command}, whose rule must be named ${expected}.`,
      extra.length > 0 && `Rule ${name} has its own parameters, which have no effect: ${extra.join(', ')}.`,
    ].filter((problem) => problem !== false);
    if (problems.length === 0) return [];
    return [{ subject, problem: problems.join(' '), remedy: 'Roll out the packs of the current rules.' }];
  });

const ruleOnce: Check = (context) =>
  coveredPlaces(context, 'rules').flatMap((place) => {
    const names = rulesAt(context, place).map(({ name }) => name);
    const duplicates = names.filter((name, index) => names.indexOf(name) !== index);
    return [...new Set(duplicates)].map((name) => ({
      subject: `rule ${name} ${formatPlace(place)}`,
      problem: `Several packs contain rule ${name}: each resource is evaluated and billed several times.`,
      remedy: `Remove rule ${name} from all packs but one.`,
    }));
  });

const ruleInOneRegion: Check = (context) =>
  eachRule(context, ({ name, region }, rule, subject) => {
    if (!rule || isDeployedTo(context, rule, region)) return [];
    return [
      {
        subject,
        problem: `Rule ${name} belongs in the home Region ${context.homeRegion}; in ${region} it is evaluated and billed again.`,
        remedy: `Keep rule ${name} in the global pack only, which is deployed in the home Region only.`,
      },
    ];
  });

const ruleFunction: Check = (context) =>
  eachRule(context, ({ name, functionArn: found, region }, _, subject) => {
    const place = masterIn(context, region);
    const expected = functionArn(place, FUNCTIONS.rule);
    if (found !== expected)
      return [
        {
          subject,
          problem: `Rule ${name} invokes ${found} instead of ${expected}.`,
          remedy: `Set the function of rule ${name} to ${expected}: it must be in the Region of the rule.`,
        },
      ];
    const { functions } = context.deployment;
    const exists = functions.some((each) => each.name === FUNCTIONS.rule && sameRegionAs(place)(each));
    if (exists || !isCovered(context.deployment, { part: 'functions', accountId: place.accountId, region }))
      return [];
    return [
      {
        subject,
        problem: `Rule ${name} invokes ${found}, which does not exist.`,
        remedy: 'Apply the regional part of the master module in this Region first.',
      },
    ];
  });

const ruleMessages: Check = (context) =>
  eachRule(context, ({ name, messageTypes }, rule, subject) => {
    if (!rule) return [];
    const due = rule.triggers[0] === 'change' ? [...CHANGES, SCHEDULE] : [SCHEDULE];
    const missing = due.filter((type) => !messageTypes.includes(type));
    if (missing.length === 0) return [];
    return [
      {
        subject,
        problem: `Rule ${name} does not receive ${missing.join(', ')}: some resources are never evaluated.`,
        remedy: 'Roll out the packs of the current rules.',
      },
    ];
  });

const ruleScope: Check = (context) =>
  eachRule(context, ({ name, resourceTypes }, rule, subject) => {
    if (!rule || rule.triggers[0] !== 'change' || resourceTypes.join() === rule.resourceType) return [];
    return [
      {
        subject,
        problem: `Rule ${name} has the scope ${resourceTypes.join(', ') || 'everything'}, but evaluates only ${rule.resourceType}.`,
        remedy: `Set the scope of rule ${name} to ${rule.resourceType}: other types only cost evaluations.`,
      },
    ];
  });

const ruleRemediation: Check = (context) =>
  eachRule(context, ({ name, remediation }, rule, subject) => {
    if (!rule || remediation || !rule.fix || !isAllowedSomewhere(context.settings, rule, 'plan')) return [];
    return [
      {
        subject,
        problem: `Rule ${name} has no remediation, although the settings plan or apply its fixes.`,
        remedy: 'Roll out the packs of the current settings.',
      },
    ];
  });

const ruleRemediationAutomatic: Check = (context) =>
  eachRule(context, ({ name, remediation }, rule, subject) => {
    if (!rule || !remediation || remediation.automatic === isAllowedSomewhere(context.settings, rule, 'auto'))
      return [];
    return [
      {
        subject,
        problem: remediation.automatic
          ? `The remediation of rule ${name} is automatic, but no account has the rule in mode auto.`
          : `The remediation of rule ${name} is not automatic, but an account has the rule in mode auto.`,
        remedy: 'Roll out the packs of the current settings.',
      },
    ];
  });

const ruleRemediationDocument: Check = (context) =>
  eachRule(context, ({ name, remediation, region }, _, subject) => {
    const place = masterIn(context, region);
    const expected = documentArn(place, DOCUMENT);
    if (!remediation) return [];
    if (remediation.documentArn !== expected)
      return [
        {
          subject,
          problem: `The remediation of rule ${name} starts ${remediation.documentArn} instead of ${expected}.`,
          remedy: `Set the target of the remediation to the full ARN ${expected}: the document belongs to the master account.`,
        },
      ];
    const exists = context.deployment.documents.some(
      (each) => each.name === DOCUMENT && sameRegionAs(place)(each),
    );
    if (exists || !isCovered(context.deployment, { part: 'functions', accountId: place.accountId, region }))
      return [];
    return [
      {
        subject,
        problem: `The remediation of rule ${name} starts ${expected}, which does not exist.`,
        remedy: 'Apply the regional part of the master module in this Region first.',
      },
    ];
  });

const ruleRemediationParameters: Check = (context) =>
  eachRule(context, ({ name: ruleName, remediation }, rule, subject) => {
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
              `The remediation of rule ${ruleName} passes ${name} '${remediation.parameters[name] ?? ''}' instead of '${value}'.`,
          )
          .join(' '),
        remedy: 'Roll out the packs of the current rules.',
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

/** The rules of the product: they invoke its function or have one of its names. */
const rulesAt = (context: CheckContext, place: AccountRegion): readonly DeployedRule[] => {
  const names = new Set(context.rules.map(({ command }) => configRuleName(command)));
  return context.deployment.rules
    .filter(sameRegionAs(place))
    .filter(({ name, functionArn: arn }) => names.has(name) || arn.endsWith(`:function:${FUNCTIONS.rule}`));
};

const isExcluded = ({ deployment }: CheckContext, { accountId, region }: AccountRegion) =>
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
