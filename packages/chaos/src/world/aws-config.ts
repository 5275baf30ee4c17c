import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
  StartConfigRulesEvaluationCommand,
  type StartConfigRulesEvaluationCommandInput,
} from '@aws-sdk/client-config-service';
import { configRuleName, PACK_SUFFIX } from '@compliance/core';
import { on, type FakeAnswer } from '@compliance/core/simulation';

import type { MemberAccount } from './account.ts';

/** The name of a deployed rule. */
export const deployedName = (command: string) => `${configRuleName(command)}${PACK_SUFFIX}a1b2c3`;

interface ConfigContext {
  readonly commands: readonly string[];
  readonly onViolation: (command: string, resourceId: string) => void;
  readonly onAsked: (command: string) => void;
}

/** What AWS Config of one account answers: it shows the newest verdict of each resource, except NOT_APPLICABLE. */
export const configAnswers = (
  account: MemberAccount,
  { commands, onViolation, onAsked }: ConfigContext,
): readonly FakeAnswer[] => {
  const commandOf = (name = '') => commands.find((command) => deployedName(command) === name) ?? '';
  const shownBy = (command: string) => {
    const shown = account.shown.get(command) ?? new Map<string, never>();
    account.shown.set(command, shown);
    return shown;
  };
  return [
    on(ConfigServiceClient, PutEvaluationsCommand, ({ ResultToken: command = '', Evaluations = [] }) => {
      const shown = shownBy(command);
      for (const { ComplianceResourceId: id = '', ComplianceType: type = '', ...rest } of Evaluations) {
        const { Annotation: annotation, OrderingTimestamp: orderingTime = new Date(0) } = rest;
        if ((shown.get(id)?.orderingTime ?? new Date(0)) > orderingTime) continue;
        if (type === 'NOT_APPLICABLE') shown.delete(id);
        else shown.set(id, { type, annotation, orderingTime });
        if (type === 'NON_COMPLIANT') onViolation(command, id);
      }
      return {};
    }),
    on(ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand, ({ ConfigRuleName }) => ({
      EvaluationResults: [...shownBy(commandOf(ConfigRuleName))].map(
        ([ResourceId, { type, annotation, orderingTime }]) => ({
          EvaluationResultIdentifier: {
            EvaluationResultQualifier: { ResourceType: 'AWS::S3::Bucket', ResourceId },
            OrderingTimestamp: orderingTime,
          },
          ComplianceType: type === 'COMPLIANT' ? ('COMPLIANT' as const) : ('NON_COMPLIANT' as const),
          Annotation: annotation,
        }),
      ),
    })),
    on(ConfigServiceClient, GetResourceConfigHistoryCommand, () => ({ configurationItems: [] })),
    on(ConfigServiceClient, DescribeConfigRulesCommand, () => ({
      ConfigRules: commands.map((command) => ({
        ConfigRuleName: deployedName(command),
        Source: { Owner: 'CUSTOM_LAMBDA' as const },
      })),
    })),
    on(
      ConfigServiceClient,
      StartConfigRulesEvaluationCommand,
      ({ ConfigRuleNames = [] }: StartConfigRulesEvaluationCommandInput) => {
        for (const name of ConfigRuleNames) onAsked(commandOf(name));
        return {};
      },
    ),
  ];
};
