import { allows, applicableTo, configRuleName, type Mode, type Rule, type Settings } from '@compliance/core';

import { documentArn, functionArn, roleArn, type RegionalPlace } from '../names/arn.ts';
import { PARAMETER_PATTERNS } from './automation-document.ts';
import { AUTOMATION_ROLE, DOCUMENT, FUNCTIONS } from '../names/names.ts';

export type PackResource = ConfigRuleResource | RemediationResource;
type ConfigRuleResource = ReturnType<typeof configRule>;
type RemediationResource = ReturnType<typeof remediation>;

/**
 * What a rule brings into a conformance pack: its Config rule and, where some account may plan its fix, its
 * remediation. Nothing at all where it is off in every account.
 * @throws {Error} naming the rule and the limit of AWS Config that it exceeds
 */
export const packResources = (
  rule: Rule,
  settings: Settings,
  place: RegionalPlace,
): Readonly<Record<string, PackResource>> => {
  const modes = settings.accounts.map((account) => applicableTo(settings, account, rule.command).mode);
  const someAllow = (least: Mode) => modes.some((mode) => allows(mode, least));
  if (!someAllow('observe')) return {};
  const id = logicalId(rule.command);
  return {
    [id]: configRule(rule, place),
    ...(rule.fix &&
      someAllow('plan') && { [`${id}Remediation`]: remediation(rule, id, someAllow('auto'), place) }),
  };
};

/** `S3_ENABLE_VERSIONING` → `S3EnableVersioning`. */
const logicalId = (command: string) =>
  command
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');

/** @see https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html */
const configRule = ({ command, title, resourceType, triggers }: Rule, place: RegionalPlace) => {
  const inputParameters = { ComplianceCommand: command };
  assertLength(command, 'InputParameters', JSON.stringify(inputParameters), 1024);
  assertLength(command, 'title', title, 256);
  assertLength(command, 'resource type', resourceType, 256);
  const onChange = triggers[0] === 'change';
  return {
    Type: 'AWS::Config::ConfigRule' as const,
    Properties: {
      ConfigRuleName: configRuleName(command),
      Description: title,
      InputParameters: inputParameters,
      ...(onChange && { Scope: { ComplianceResourceTypes: [resourceType] } }),
      Source: {
        Owner: 'CUSTOM_LAMBDA' as const,
        // Literal: that a pack's template resolves functions here is not documented.
        SourceIdentifier: functionArn(place, FUNCTIONS.rule),
        SourceDetails: [
          ...(onChange ? CHANGE_MESSAGES.map(message) : []),
          { ...message('ScheduledNotification'), MaximumExecutionFrequency: 'TwentyFour_Hours' as const },
        ],
      },
    },
  };
};

/** A resource too large for the first message comes as the second. */
const CHANGE_MESSAGES = [
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
] as const;

const message = (MessageType: (typeof CHANGE_MESSAGES)[number] | 'ScheduledNotification') => ({
  EventSource: 'aws.config' as const,
  MessageType,
});

/**
 * One template serves all accounts: `automatic` starts the function wherever some account fixes by itself, and the
 * function looks at the mode of the account.
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_RemediationConfiguration.html
 */
const remediation = (
  { command, resourceType }: Rule,
  ruleLogicalId: string,
  automatic: boolean,
  place: RegionalPlace,
) => {
  assertAdmitted(command, 'ComplianceCommand', command);
  assertAdmitted(command, 'ResourceType', resourceType);
  return {
    Type: 'AWS::Config::RemediationConfiguration' as const,
    DependsOn: ruleLogicalId,
    Properties: {
      // Without the suffix that the pack gives the rule: AWS Config follows it.
      ConfigRuleName: configRuleName(command),
      TargetType: 'SSM_DOCUMENT' as const,
      TargetId: documentArn(place, DOCUMENT),
      Parameters: {
        ComplianceCommand: { StaticValue: { Values: [command] } },
        ResourceType: { StaticValue: { Values: [resourceType] } },
        ResourceId: { ResourceValue: { Value: 'RESOURCE_ID' as const } },
        // AWS Config wants a literal ARN, but the template is one for all accounts: the document embeds the real one.
        AutomationAssumeRole: { StaticValue: { Values: [roleArn(place, AUTOMATION_ROLE)] } },
      },
      Automatic: automatic,
      // As many attempts in as short a time as AWS Config takes: beyond, it stops for good, with an exception that
      // nobody can clear on a pack's rule. Caps and the flap stop are ours.
      ...(automatic && { MaximumAutomaticAttempts: 25, RetryAttemptSeconds: 60 }),
      ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage: 10, ErrorPercentage: 20 } },
    },
  };
};

const assertLength = (command: string, what: string, value: string, limit: number) => {
  if (value.length > limit)
    throw new Error(
      `${command}: its ${what} has ${value.length} characters, and AWS Config takes ${limit}. Shorten it.`,
    );
};

const assertAdmitted = (command: string, parameter: keyof typeof PARAMETER_PATTERNS, value: string) => {
  const pattern = PARAMETER_PATTERNS[parameter];
  if (!new RegExp(pattern).test(value))
    throw new Error(
      `${command}: '${value}' is no ${parameter} that the document ${DOCUMENT} takes: ${pattern}.`,
    );
};
