import { change, firstOf, type Change, type Fix } from '@compliance/core/rule';

import { detach, type Entity } from './detach.ts';

interface Detachment {
  readonly policyArn: string;
  /** What the plan says of those that lose the policy. */
  readonly describe: (entities: readonly Entity[]) => string;
  readonly inCode: NonNullable<Change['inCode']>;
}

/** Detaches a policy from everyone but the roles of IAM Identity Center, which only that service changes. */
export const planDetachment = (
  entities: readonly Entity[],
  { policyArn, describe, inCode }: Detachment,
): Fix => {
  const inPermissionSets = entities.filter(isOfPermissionSet);
  const roles = firstOf(inPermissionSets.map(({ name }) => name));
  const advice = `Remove ${nameOf(policyArn)} from the permission sets of ${roles} in IAM Identity Center, and provision them again.`;
  const others = entities.filter((entity) => !isOfPermissionSet(entity));
  if (others.length === 0) return { manual: advice };
  return change({
    description: describe(others),
    risk: 'disruptive',
    inCode,
    steps: others.map((entity) => detach(entity, policyArn)),
    ...(inPermissionSets.length > 0 && { effectiveAfter: { manual: advice } }),
  });
};

const isOfPermissionSet = ({ kind, name }: Entity): boolean =>
  kind === 'role' && name.startsWith('AWSReservedSSO_');

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
