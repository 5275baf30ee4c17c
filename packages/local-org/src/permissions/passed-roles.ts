import { partitionOf } from '@compliance/core';
import { operationName, type Call, type OperationName } from '../protocol/call.ts';
import type { RequiredPermission } from './required-permission.ts';

/**
 * The permission to pass the role that a call gives to a service. AWS's published data does not have it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const passedRoles = (call: Call): readonly RequiredPermission[] => {
  const passed = PASSED_ROLES[operationName(call)];
  if (passed === undefined) return [];
  const context = { 'iam:passedtoservice': `${passed.to}.amazonaws.com` };
  return rolesOf(call, passed.parameter).map((resource) => ({ action: 'iam:PassRole', resource, context }));
};

interface PassedRole {
  /** Path of the parameter; without it the call does not name the role. */
  readonly parameter?: readonly string[];
  readonly to: string;
}

const PASSED_ROLES: Readonly<Record<OperationName, PassedRole>> = {
  'ec2:CreateFlowLogs': { parameter: ['DeliverLogsPermissionArn'], to: 'vpc-flow-logs' },
  // The role is in the instance profile.
  'ec2:AssociateIamInstanceProfile': { to: 'ec2' },
  'cloudtrail:CreateTrail': { parameter: ['CloudWatchLogsRoleArn'], to: 'cloudtrail' },
  'cloudtrail:UpdateTrail': { parameter: ['CloudWatchLogsRoleArn'], to: 'cloudtrail' },
  'config:PutConfigurationRecorder': { parameter: ['ConfigurationRecorder', 'roleARN'], to: 'config' },
  'lambda:CreateFunction': { parameter: ['Role'], to: 'lambda' },
  'lambda:UpdateFunctionConfiguration': { parameter: ['Role'], to: 'lambda' },
  'logs:PutSubscriptionFilter': { parameter: ['roleArn'], to: 'logs' },
  'rds:ModifyDBInstance': { parameter: ['MonitoringRoleArn'], to: 'monitoring.rds' },
  'ssm:StartAutomationExecution': { parameter: ['Parameters', 'AutomationAssumeRole'], to: 'ssm' },
};

const rolesOf = (
  { input, region, accountId }: Call,
  path: readonly string[] | undefined,
): readonly string[] => {
  if (path === undefined) return [`arn:${partitionOf(region)}:iam::${accountId}:role/*`];
  const value = path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null ? new Map(Object.entries(parent)).get(name) : undefined,
    input,
  );
  // An empty name takes the service's role away: nothing is passed.
  return [value].flat().filter((role): role is string => typeof role === 'string' && role !== '');
};
