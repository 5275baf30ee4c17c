import { operationName, type Call, type OperationName } from '../protocol/call.ts';
import type { RequiredPermission } from './required-permission.ts';

/** The ARNs of the roles in an instance profile: one, or none. */
export type RolesOfProfile = (accountId: string, profile: string) => Promise<readonly string[]>;

/**
 * The permission to pass the role that a call gives to a service. AWS's published data does not have it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const passedRoles = async (
  call: Call,
  rolesOfProfile: RolesOfProfile,
): Promise<readonly RequiredPermission[]> => {
  const passed = PASSED_ROLES[operationName(call)];
  if (passed === undefined) return [];
  const context = { 'iam:passedtoservice': `${passed.to}.amazonaws.com` };
  const roles =
    'parameter' in passed
      ? textsAt(call, passed.parameter)
      : await rolesInProfiles(call, passed.profile, rolesOfProfile);
  return roles.map((resource) => ({ action: 'iam:PassRole', resource, context }));
};

/** The path of the parameter with the role, or with the instance profile that contains the role. */
type PassedRole = { readonly to: string } & (
  | { readonly parameter: readonly string[] }
  | { readonly profile: readonly string[] }
);

const PASSED_ROLES: Readonly<Record<OperationName, PassedRole>> = {
  'ec2:CreateFlowLogs': { parameter: ['DeliverLogsPermissionArn'], to: 'vpc-flow-logs' },
  'ec2:AssociateIamInstanceProfile': { profile: ['IamInstanceProfile'], to: 'ec2' },
  'ec2:ReplaceIamInstanceProfileAssociation': { profile: ['IamInstanceProfile'], to: 'ec2' },
  'ec2:RunInstances': { profile: ['IamInstanceProfile'], to: 'ec2' },
  'cloudtrail:CreateTrail': { parameter: ['CloudWatchLogsRoleArn'], to: 'cloudtrail' },
  'cloudtrail:UpdateTrail': { parameter: ['CloudWatchLogsRoleArn'], to: 'cloudtrail' },
  'config:PutConfigurationRecorder': { parameter: ['ConfigurationRecorder', 'roleARN'], to: 'config' },
  'lambda:CreateFunction': { parameter: ['Role'], to: 'lambda' },
  'lambda:UpdateFunctionConfiguration': { parameter: ['Role'], to: 'lambda' },
  'logs:PutSubscriptionFilter': { parameter: ['roleArn'], to: 'logs' },
  'rds:ModifyDBInstance': { parameter: ['MonitoringRoleArn'], to: 'monitoring.rds' },
  'ssm:StartAutomationExecution': { parameter: ['Parameters', 'AutomationAssumeRole'], to: 'ssm' },
};

/** A profile is named by its name or its ARN. EC2 refuses one that does not exist, so no role is passed. */
const rolesInProfiles = async (
  call: Call,
  path: readonly string[],
  rolesOfProfile: RolesOfProfile,
): Promise<readonly string[]> => {
  const names = ['Name', 'Arn'].flatMap((member) => textsAt(call, [...path, member]));
  const roles = await Promise.all(
    names.map((name) => rolesOfProfile(call.accountId, name.split('/').at(-1) ?? name)),
  );
  return roles.flat();
};

/** The texts of a parameter. An empty one takes the service's role away: nothing is passed. */
const textsAt = ({ input }: Call, path: readonly string[]): readonly string[] => {
  const value = path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null ? new Map(Object.entries(parent)).get(name) : undefined,
    input,
  );
  return [value].flat().filter((text): text is string => typeof text === 'string' && text !== '');
};
