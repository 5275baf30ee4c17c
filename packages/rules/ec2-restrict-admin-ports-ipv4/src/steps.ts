import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { call, undoCall, type CallStep } from '@compliance/core/rule';

import { describePorts, permissionOf, type Ingress, type IngressRule } from './ingress.ts';

/** Revokes one rule by its id; other rules of the same permission stay as they are. */
export const revoke = (groupId: string, rule: IngressRule): CallStep =>
  call(
    EC2Client,
    RevokeSecurityGroupIngressCommand,
    { GroupId: groupId, SecurityGroupRuleIds: [rule.ruleId] },
    {
      alreadyDone: GONE,
      refused: refusal,
      undo: undoCall(
        EC2Client,
        AuthorizeSecurityGroupIngressCommand,
        {
          GroupId: groupId,
          IpPermissions: [permissionOf(rule)],
          ...(rule.tags.length > 0 && {
            TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags: rule.tags }],
          }),
        },
        { alreadyDone: EXISTS },
      ),
    },
  );

/** Authorizes these CIDRs on the ports of the rules, one step for each new rule. */
export const authorize = (
  groupId: string,
  rules: readonly Ingress[],
  cidrs: readonly string[],
): CallStep[] => {
  const ports = new Map(rules.map((rule) => [describePorts(rule), rule]));
  return [...ports.values()].flatMap(({ protocol, fromPort, toPort }) =>
    cidrs.map((source) => authorizeOne(groupId, permissionOf({ protocol, fromPort, toPort, source }))),
  );
};

const authorizeOne = (groupId: string, permission: ReturnType<typeof permissionOf>): CallStep =>
  call(
    EC2Client,
    AuthorizeSecurityGroupIngressCommand,
    { GroupId: groupId, IpPermissions: [permission] },
    {
      alreadyDone: EXISTS,
      refused: refusal,
      undo: ({ SecurityGroupRules = [] }) =>
        undoCall(
          EC2Client,
          RevokeSecurityGroupIngressCommand,
          {
            GroupId: groupId,
            SecurityGroupRuleIds: SecurityGroupRules.flatMap((rule) => rule.SecurityGroupRuleId ?? []),
          },
          { alreadyDone: GONE },
        ),
    },
  );

const GONE = ['InvalidSecurityGroupRuleId.NotFound', 'InvalidPermission.NotFound', 'InvalidGroup.NotFound'];

const EXISTS = ['InvalidPermission.Duplicate'];

const refusal = ({ Return }: { readonly Return?: boolean | undefined }) =>
  Return === false ? 'EC2 answered that the request failed.' : undefined;
