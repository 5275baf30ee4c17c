import { change, firstOf, type Fix } from '@compliance/core/rule';
import {
  describeEntity,
  detach,
  entitiesIn,
  managedPolicyArn,
  type AttachedTo,
} from '@compliance/iam-account';

/** Detaches a policy of AWS from everyone but the roles of IAM Identity Center, which only that service changes. */
export const detachFromAll = (policy: string, facts: AttachedTo, partition: string): Fix<AttachedTo> => {
  const arn = managedPolicyArn(policy, partition);
  const everyone = entitiesIn(facts);
  const inPermissionSets = everyone.filter(({ name }) => name.startsWith('AWSReservedSSO_'));
  const advice = `Remove ${policy} from the permission sets of ${firstOf(inPermissionSets.map(({ name }) => name))} in IAM Identity Center, and provision them again.`;
  const others = everyone.filter((entity) => !inPermissionSets.includes(entity));
  if (others.length === 0) return { manual: advice };
  return change({
    description: `Detach ${policy} from ${firstOf(others.map(describeEntity))}; their CloudShell stops`,
    // CloudShell works for them now, and stops.
    risk: 'disruptive',
    inCode: {
      terraform: `aws_iam_user_policy_attachment, aws_iam_group_policy_attachment, aws_iam_role_policy_attachment: remove those of ${policy}`,
      cloudFormation: `AWS::IAM::User, AWS::IAM::Group, AWS::IAM::Role: remove ${policy} from ManagedPolicyArns`,
    },
    steps: others.map((entity) => detach(entity, arn)),
    ...(inPermissionSets.length > 0 && { effectiveAfter: { manual: advice } }),
  });
};
