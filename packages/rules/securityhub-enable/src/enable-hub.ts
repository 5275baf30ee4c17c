import {
  BatchDisableStandardsCommand,
  BatchEnableStandardsCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { call, change, undoCall, type CallStep, type FixInput } from '@compliance/core/rule';

import { DEFAULT_STANDARDS, standardArn, type Facts } from './hub.ts';
import type { Parameters } from './parameters.ts';

type Input = FixInput<Facts, Parameters>;

/** Turns Security Hub on, and the standards that the settings require. One that is not ready is left to a person. */
export const enableHub = (input: Input) => {
  const { facts, region, parameters } = input;
  const known = facts.enabled
    ? facts.standards.map(({ name }) => name)
    : parameters.enableDefaultStandards
      ? DEFAULT_STANDARDS
      : [];
  const missing = parameters.requireStandards.filter((name) => !known.includes(name));
  const steps = [
    ...(facts.enabled ? [] : [enable(parameters)]),
    ...(missing.length === 0 ? [] : [enableStandards(missing, input)]),
  ];
  if (steps.length === 0)
    return {
      manual: `Find out in Security Hub of ${region} why the required standards are not READY. One that is PENDING needs time; one that is INCOMPLETE or FAILED has a reason there.`,
    };
  return change<Facts>({
    description: [
      facts.enabled ? `Enable in Security Hub of ${region}` : `Turn Security Hub on in ${region}`,
      ...(missing.length === 0 ? [] : [facts.enabled ? missing.join(', ') : `with ${missing.join(', ')}`]),
    ].join(' '),
    risk: 'safe',
    inCode: {
      terraform: facts.enabled
        ? `aws_securityhub_standards_subscription: standards_arn = "${standardArn(missing[0] ?? '', input)}"`
        : `aws_securityhub_account: enable_default_standards = ${parameters.enableDefaultStandards}`,
      cloudFormation: facts.enabled
        ? `AWS::SecurityHub::Standard: StandardsArn: ${standardArn(missing[0] ?? '', input)}`
        : `AWS::SecurityHub::Hub: EnableDefaultStandards: ${parameters.enableDefaultStandards}`,
    },
    steps,
    // Until then a standard is PENDING.
    ...(missing.length > 0 && { effectiveAfter: { seconds: 600 } }),
  });
};

const enable = ({ enableDefaultStandards }: Parameters): CallStep =>
  call(
    SecurityHubClient,
    EnableSecurityHubCommand,
    { EnableDefaultStandards: enableDefaultStandards },
    { undo: undoCall(SecurityHubClient, DisableSecurityHubCommand, {}) },
  );

const enableStandards = (names: readonly string[], input: Input): CallStep =>
  call(
    SecurityHubClient,
    BatchEnableStandardsCommand,
    {
      StandardsSubscriptionRequests: names.map((name) => ({ StandardsArn: standardArn(name, input) })),
    },
    {
      undo: ({ StandardsSubscriptions = [] }) =>
        undoCall(SecurityHubClient, BatchDisableStandardsCommand, {
          StandardsSubscriptionArns: StandardsSubscriptions.flatMap(
            ({ StandardsSubscriptionArn }) => StandardsSubscriptionArn ?? [],
          ),
        }),
    },
  );
