import type { DeployedPermission } from '../model/deployment.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { permissionsIn, unknownPermission } from '../policy/function-policy.ts';
import type { AwsValues } from './aws-resources.ts';
import type { PlanJson } from './plan-json.ts';
import { accountRegionOf, type Planned, type PlannedResources } from './planned-resources.ts';
import { referencesIn } from './references.ts';

/** What the policies of functions allow, statement by statement or as a whole. */
export const plannedPermissions = (
  plan: PlanJson,
  { of }: PlannedResources,
): readonly DeployedPermission[] => {
  const referencesOf = referencesIn(plan);
  return [
    ...of('aws_lambda_permission').map(({ values, ...place }) => ({
      ...accountRegionOf(place),
      functionName: functionName(values.function_name),
      qualifier: values.qualifier,
      action: values.action,
      principal: values.principal,
      sourceAccount: values.source_account,
      sourceArn: values.source_arn,
      principalOrgId: values.principal_org_id,
    })),
    ...of('aws_lambda_resource_policy').flatMap((policy) => {
      // The ARN of a function that is created with its policy is known only after apply.
      const [created] = referencesOf(policy.change, 'resource_arn').map(
        ({ change: { after, before } }) => (after ?? before)?.['function_name'],
      );
      return permissionsOf(policy, typeof created === 'string' ? created : undefined);
    }),
  ];
};

const permissionsOf = (
  { values, partition, accountId, region }: Planned<AwsValues<'aws_lambda_resource_policy'>>,
  created: string | undefined,
): readonly DeployedPermission[] => {
  const name = values.resource_arn ?? created;
  if (name === undefined) return [];
  const [functionOnly = name, qualifier] = functionName(name).split(':');
  const of = { partition, accountId, region, functionName: functionOnly, qualifier };
  if (values.policy === undefined) return [unknownPermission(of, 'a policy that is known only after apply')];
  const document = parsePolicyDocument(values.policy);
  return document === undefined
    ? [unknownPermission(of, 'a policy that cannot be parsed')]
    : permissionsIn(document, of);
};

/** The name in a name or an ARN, with its qualifier. */
export const functionName = (nameOrArn: string): string => nameOrArn.replace(/^.*:function:/, '');
