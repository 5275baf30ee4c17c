import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { limitOrDefault, page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { RemediationConfiguration } from './remediation-configuration.ts';
import type { Remediation, RemediationExecution } from './remediation.ts';
import { assertNotServiceLinked, type RuleStore } from './rule-store.ts';
import type { Rule } from './rule.ts';

const Key = z.object({ resourceType: z.string(), resourceId: z.string() });
const ExceptionKey = z.object({ ResourceType: z.string(), ResourceId: z.string() });
const PutRequest = z.object({ RemediationConfigurations: z.array(RemediationConfiguration).min(1).max(25) });
const DescribeRequest = z.object({ ConfigRuleNames: z.array(z.string()).min(1).max(25) });
const NameRequest = z.object({ ConfigRuleName: z.string() });
const StartRequest = z.object({ ConfigRuleName: z.string(), ResourceKeys: z.array(Key).min(1).max(100) });
const StatusRequest = z.object({
  ConfigRuleName: z.string(),
  ResourceKeys: z.array(Key).min(1).max(100).optional(),
  Limit: z.int().min(0).max(100).optional(),
  NextToken: z.string().optional(),
});
const ExceptionsRequest = z.object({
  ConfigRuleName: z.string(),
  ResourceKeys: z.array(ExceptionKey).min(1).max(100).optional(),
});

/** AWS Config's operations on remediations. */
export const createRemediationHandlers = (rules: RuleStore, remediation: Remediation) => {
  const ruleOf = (call: Call): Rule =>
    rules.getOrThrow(call, parseInput(NameRequest, call.input).ConfigRuleName);

  return {
    'config:PutRemediationConfigurations': async (call: Call) => {
      const { RemediationConfigurations: configurations } = parseInput(PutRequest, call.input);
      for (const configuration of configurations) {
        const rule = rules.getOrThrow(call, configuration.ConfigRuleName);
        assertNotServiceLinked(rule, 'PutRemediationConfigurations');
        remediation.configure(rule, configuration);
      }
      return { FailedBatches: [] };
    },
    'config:DescribeRemediationConfigurations': async (call: Call) => {
      const { ConfigRuleNames: names } = parseInput(DescribeRequest, call.input);
      return {
        RemediationConfigurations: names.flatMap((name) =>
          configurationOf(rules.get(call, name), remediation),
        ),
      };
    },
    'config:DeleteRemediationConfiguration': async (call: Call) => {
      const rule = ruleOf(call);
      assertNotServiceLinked(rule, 'DeleteRemediationConfiguration');
      if (!remediation.remove(rule)) throw noConfiguration(rule.name);
      return {};
    },
    'config:StartRemediationExecution': async (call: Call) => {
      const { ResourceKeys: resources } = parseInput(StartRequest, call.input);
      const rule = ruleOf(call);
      if (remediation.of(rule) === undefined) throw noConfiguration(rule.name);
      for (const resource of resources) remediation.start(rule, resource);
      return { FailedItems: [] };
    },
    'config:DescribeRemediationExecutionStatus': async (call: Call) => {
      const request = parseInput(StatusRequest, call.input);
      const rule = ruleOf(call);
      const matching = [...(remediation.of(rule)?.executions.values() ?? [])].filter(
        ({ resourceType, resourceId }) =>
          request.ResourceKeys === undefined ||
          request.ResourceKeys.some(
            (key) => key.resourceType === resourceType && key.resourceId === resourceId,
          ),
      );
      const { items, nextToken } = page(matching, {
        limit: limitOrDefault(request.Limit, 100),
        nextToken: request.NextToken,
      });
      return { RemediationExecutionStatuses: items.map(executionStatus), NextToken: nextToken };
    },
    ...exceptionHandlers(ruleOf, remediation),
  };
};

const exceptionHandlers = (ruleOf: (call: Call) => Rule, remediation: Remediation) => ({
  'config:PutRemediationExceptions': async (call: Call) => {
    const rule = ruleOf(call);
    assertNotServiceLinked(rule, 'PutRemediationExceptions');
    throw awsError(
      'InvalidParameterValueException',
      `Not supported by the local AWS Config: PutRemediationExceptions of rule '${rule.name}'. It only adds exceptions itself.`,
      400,
    );
  },
  'config:DescribeRemediationExceptions': async (call: Call) => ({
    RemediationExceptions: remediation
      .exceptions(ruleOf(call))
      .map(({ ruleName, resourceType, resourceId, message }) => ({
        ConfigRuleName: ruleName,
        ResourceType: resourceType,
        ResourceId: resourceId,
        Message: message,
      })),
  }),
  'config:DeleteRemediationExceptions': async (call: Call) => {
    const rule = ruleOf(call);
    assertNotServiceLinked(rule, 'DeleteRemediationExceptions');
    const { ResourceKeys: resources = [] } = parseInput(ExceptionsRequest, call.input);
    for (const { ResourceType: resourceType, ResourceId: resourceId } of resources) {
      remediation.deleteException(rule, { resourceType, resourceId });
    }
    return { FailedBatches: [] };
  },
});

const configurationOf = (rule: Rule | undefined, remediation: Remediation): unknown[] => {
  if (rule === undefined) return [];
  const ruleRemediation = remediation.of(rule);
  if (ruleRemediation === undefined) return [];
  const service = rule.packName === undefined ? {} : { CreatedByService: 'config-conforms.amazonaws.com' };
  return [{ Automatic: false, ...ruleRemediation.configuration, Arn: ruleRemediation.arn, ...service }];
};

const executionStatus = (execution: RemediationExecution) => ({
  ResourceKey: { resourceType: execution.resourceType, resourceId: execution.resourceId },
  State: execution.state,
  StepDetails: [{ Name: 'automation', State: STEP_STATE[execution.state], ErrorMessage: execution.failure }],
  InvocationTime: toJsonTime(execution.invokedAt),
  LastUpdatedTime: toJsonTime(execution.updatedAt),
});

const STEP_STATE = {
  QUEUED: 'PENDING',
  IN_PROGRESS: 'PENDING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
} as const satisfies Record<RemediationExecution['state'], string>;

const noConfiguration = (ruleName: string) =>
  awsError(
    'NoSuchRemediationConfigurationException',
    `No remediation configuration exists for rule '${ruleName}'.`,
    400,
  );
