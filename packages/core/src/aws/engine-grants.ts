import type { Grant } from './grant.ts';

/** The grants of the engine itself in a member account, whatever the rule. */
export const engineGrants = {
  evaluate: [
    'config:PutEvaluations',
    'config:GetResourceConfigHistory',
    'config:GetComplianceDetailsByConfigRule',
    'tag:GetResources',
    'account:GetAlternateContact',
  ],
  remediate: [
    'config:DescribeConfigRules',
    'config:StartConfigRulesEvaluation',
    'tag:GetResources',
    'account:GetAlternateContact',
    'cloudtrail:LookupEvents',
    { action: 'ssm:GetAutomationExecution', resource: 'arn:*:ssm:*:*:automation-execution/*' },
  ],
} as const satisfies Record<string, readonly Grant[]>;
