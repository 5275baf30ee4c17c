import type { Grant } from '@compliance/core/rule';

const GROUPS = 'arn:*:ec2:*:*:security-group/*';
const GROUP_RULES = 'arn:*:ec2:*:*:security-group-rule/*';

type Direction = 'Ingress' | 'Egress';

export const revokeGrant = (direction: Direction): Grant => ({
  action: `ec2:RevokeSecurityGroup${direction}`,
  resource: GROUPS,
});

export const authorizeGrant = (direction: Direction): Grant => ({
  action: `ec2:AuthorizeSecurityGroup${direction}`,
  resource: [GROUPS, GROUP_RULES],
});

/** An undo restores the tags of a rule. */
export const restoreTagsGrant = (direction: Direction): Grant => ({
  action: 'ec2:CreateTags',
  resource: GROUP_RULES,
  condition: { StringEquals: { 'ec2:CreateAction': `AuthorizeSecurityGroup${direction}` } },
  implied: true,
});
