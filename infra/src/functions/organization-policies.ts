import type { Settings } from '@compliance/core';

import { functionArn, roleArn, type RegionalPlace } from '../names/arn.ts';
import { AUTOMATION_ROLE, FUNCTIONS, type FunctionKey } from '../names/names.ts';

export const CONFIG = 'config.amazonaws.com';

/**
 * The statement ids of the whole policies. None is an id that AddPermission was given: removing a statement of before
 * cannot remove one of these.
 */
export const POLICY_STATEMENTS = {
  rule: 'ConfigOfOrganization',
  remediation: 'AutomationsOfOrganization',
} as const satisfies Record<FunctionKey, string>;

/** The input of Lambda's PutResourcePolicy, as an object: the whole resource policy of a function. */
export interface FunctionPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly [
    {
      readonly Sid: string;
      readonly Effect: 'Allow';
      readonly Principal: '*' | { readonly Service: string };
      readonly Action: 'lambda:InvokeFunction';
      readonly Resource: string;
      readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
    },
  ];
}

/** The organization that whole policies admit; `undefined` where statements are added one by one. */
export const policyOrganization = ({
  id,
  invokePermission,
}: Pick<Settings['organization'], 'id' | 'invokePermission'>): string | undefined =>
  invokePermission === 'organization' ? id : undefined;

/** What is not known of these policies, for everybody who chooses them. */
export const UNPROVEN_KEY =
  'depends on aws:SourceOrgID, and AWS does not document that AWS Config sends it: without the key no rule can be ' +
  'deployed. Section 20 of docs/prove-in-aws.md asks it of AWS';

/**
 * Returns the whole resource policies of the functions where the settings choose them, at any number of accounts.
 * PutResourcePolicy replaces all that AddPermission added, and has conditions that AddPermission lacks.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export const organizationPolicies = (
  { organization }: Pick<Settings, 'organization'>,
  master: RegionalPlace,
): Readonly<Record<FunctionKey, FunctionPolicy>> | undefined => {
  const id = policyOrganization(organization);
  if (id === undefined) return undefined;
  return {
    rule: policy('rule', master, { Principal: { Service: CONFIG }, Condition: ofConfig(id) }),
    remediation: policy('remediation', master, {
      Principal: '*',
      Condition: ofAutomations(id, master.partition),
    }),
  };
};

/**
 * AWS Config on behalf of the organization's accounts.
 * Unproven: that AWS Config sends the key. Without it nothing is admitted, and no rule can be deployed: see
 * docs/prove-in-aws.md, which asks it before the settings choose these policies.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid
 */
const ofConfig = (organizationId: string) => ({ StringEquals: { 'aws:SourceOrgID': organizationId } });

/**
 * The role of the organization's accounts that SSM Automation runs as; no other role, and none under another path.
 * A condition on the role's ARN, because a role as the principal breaks when it is recreated.
 */
const ofAutomations = (organizationId: string, partition: string) => ({
  StringEquals: { 'aws:PrincipalOrgID': organizationId },
  ArnLike: { 'aws:PrincipalArn': roleArn({ partition, accountId: '*' }, AUTOMATION_ROLE) },
});

const policy = (
  key: FunctionKey,
  master: RegionalPlace,
  { Principal, Condition }: Pick<FunctionPolicy['Statement'][0], 'Principal' | 'Condition'>,
): FunctionPolicy => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: POLICY_STATEMENTS[key],
      Effect: 'Allow',
      Principal,
      Action: 'lambda:InvokeFunction',
      Resource: functionArn(master, FUNCTIONS[key]),
      Condition,
    },
  ],
});
