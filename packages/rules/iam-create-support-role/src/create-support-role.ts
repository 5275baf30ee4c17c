import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { call, change, firstOf, undoCall, type Fix, type FixInput } from '@compliance/core/rule';
import { managedPolicyArn } from '@compliance/iam-account';

import type { Parameters } from './parameters.ts';

export const POLICY = 'AWSSupportAccess';
/** The role that a fix creates. It is no parameter, so that the grants of the fix can name it. */
export const ROLE = 'aws-support-access';

const GONE = { alreadyDone: ['NoSuchEntityException'] };

/**
 * Creates a role for AWS Support. A role of this name that exists already stops the fix: its trust policy is somebody else's.
 */
export const createSupportRole = ({
  parameters,
  partition,
}: Pick<FixInput<unknown, Parameters>, 'parameters' | 'partition'>): Fix => {
  const { trustedPrincipals } = parameters;
  if (trustedPrincipals.length === 0)
    return {
      manual: `Name in the parameter trustedPrincipals who may open cases with AWS Support, or attach ${POLICY} to a role of theirs.`,
    };
  const PolicyArn = managedPolicyArn(POLICY, partition);
  return change({
    description: `Create the role ${ROLE} for AWS Support, which ${firstOf(trustedPrincipals)} may assume`,
    risk: 'safe',
    inCode: {
      terraform: `aws_iam_role_policy_attachment: policy_arn = the ARN of ${POLICY}`,
      cloudFormation: `AWS::IAM::Role: ManagedPolicyArns: the ARN of ${POLICY}`,
    },
    steps: [
      call(
        IAMClient,
        CreateRoleCommand,
        {
          RoleName: ROLE,
          Description: 'Opens and manages cases with AWS Support',
          AssumeRolePolicyDocument: JSON.stringify(trustOf(parameters)),
        },
        { undo: undoCall(IAMClient, DeleteRoleCommand, { RoleName: ROLE }, GONE) },
      ),
      call(
        IAMClient,
        AttachRolePolicyCommand,
        { RoleName: ROLE, PolicyArn },
        { undo: undoCall(IAMClient, DetachRolePolicyCommand, { RoleName: ROLE, PolicyArn }, GONE) },
      ),
    ],
  });
};

const trustOf = ({ trustedPrincipals, requireMfa }: Parameters) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: trustedPrincipals },
      Action: 'sts:AssumeRole',
      ...(requireMfa && { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    },
  ],
});
