import { configRuleName, type Rule, type Settings, withRecordedTriggers } from '@compliance/core';

import { documentArn, functionArn, roleArn, type RegionalPlace } from '../names/arn.ts';
import { PARAMETER_PATTERNS } from './automation-document.ts';
import { isAllowedSomewhere } from './enabled-rules.ts';
import { AUTOMATION_ROLE, DOCUMENT, FUNCTIONS } from '../names/names.ts';

export type PackResource = ConfigRuleResource | RemediationResource;
type ConfigRuleResource = ReturnType<typeof configRule>;
type RemediationResource = ReturnType<typeof remediation>;

/**
 * Returns the resources of a rule in a conformance pack: its Config rule and its remediation.
 * The remediation only where some account may plan the fix; nothing where the rule is off in every account.
 * @throws {Error} naming the rule and the limit of AWS Config that it exceeds
 */
export const packResources = (
  rule: Rule,
  settings: Settings,
  place: RegionalPlace,
): Readonly<Record<string, PackResource>> => {
  if (!isAllowedSomewhere(settings, rule, 'observe')) return {};
  const id = logicalId(rule.command);
  return {
    [id]: configRule(withRecordedTriggers(rule, settings), place),
    ...(rule.fix &&
      isAllowedSomewhere(settings, rule, 'plan') && {
        [`${id}Remediation`]: remediation(rule, id, isAllowedSomewhere(settings, rule, 'auto'), place),
      }),
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
        // A literal: AWS does not document that a pack's template resolves intrinsic functions here.
        SourceIdentifier: functionArn(place, FUNCTIONS.rule),
        SourceDetails: [
          ...(onChange ? CHANGE_MESSAGES.map(message) : []),
          { ...message('ScheduledNotification'), MaximumExecutionFrequency: 'TwentyFour_Hours' as const },
        ],
      },
    },
  };
};

/** AWS Config sends the second message for a resource that is too large for the first. */
const CHANGE_MESSAGES = [
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
] as const;

const message = (MessageType: (typeof CHANGE_MESSAGES)[number] | 'ScheduledNotification') => ({
  EventSource: 'aws.config' as const,
  MessageType,
});

/**
 * The remediation of a rule, the same for all accounts.
 * `automatic` is set when some account has mode `auto`; the function then checks the mode of the account.
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
      // Without the suffix that the pack adds to the name: AWS Config resolves it.
      ConfigRuleName: configRuleName(command),
      TargetType: 'SSM_DOCUMENT' as const,
      TargetId: documentArn(place, DOCUMENT),
      Parameters: {
        ComplianceCommand: { StaticValue: { Values: [command] } },
        ResourceType: { StaticValue: { Values: [resourceType] } },
        ResourceId: { ResourceValue: { Value: 'RESOURCE_ID' as const } },
        // AWS Config requires a literal ARN, but one template serves all accounts: the document embeds the real role.
        AutomationAssumeRole: { StaticValue: { Values: [roleArn(place, AUTOMATION_ROLE)] } },
      },
      Automatic: automatic,
      // AWS Config's maximum: after the last attempt it stops for good, with an exception that nobody can clear on a
      // pack's rule. The function itself limits and stops repeated fixes.
      ...(automatic && { MaximumAutomaticAttempts: 25, RetryAttemptSeconds: 60 }),
      ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage: 10, ErrorPercentage: 20 } },
    },
  };
};

const assertLength = (command: string, what: string, value: string, limit: number) => {
  if (value.length > limit)
    throw new Error(
      `The ${what} of ${command} is too long: ${value.length} characters; AWS Config's limit is ${limit}. Shorten it.`,
    );
};

const assertAdmitted = (command: string, parameter: keyof typeof PARAMETER_PATTERNS, value: string) => {
  const pattern = PARAMETER_PATTERNS[parameter];
  if (!new RegExp(pattern).test(value))
    throw new Error(
      `Invalid ${parameter} of ${command}: '${value}' does not match the pattern of the document ${DOCUMENT}, ${pattern}.`,
    );
};
