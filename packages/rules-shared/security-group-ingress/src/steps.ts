import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
  type Tag,
} from '@aws-sdk/client-ec2';
import { call, undoCall, type CallStep } from '@compliance/core/rule';

import { describePorts, permissionOf, type Ingress } from './ingress.ts';

interface RevokedRule {
  readonly ruleId: string;
  /** What authorizes the rule again. */
  readonly permission: IpPermission;
  readonly tags: readonly Tag[];
}

/** Revokes one ingress rule by its id; other rules of the same permission stay as they are. */
export const revokeIngress = (groupId: string, { ruleId, ...rule }: RevokedRule): CallStep =>
  call(
    EC2Client,
    RevokeSecurityGroupIngressCommand,
    { GroupId: groupId, SecurityGroupRuleIds: [ruleId] },
    {
      alreadyDone: GONE,
      refused: refusal,
      undo: undoCall(EC2Client, AuthorizeSecurityGroupIngressCommand, authorization(groupId, rule), {
        alreadyDone: EXISTS,
      }),
    },
  );

/** Revokes one egress rule by its id. */
export const revokeEgress = (groupId: string, { ruleId, ...rule }: RevokedRule): CallStep =>
  call(
    EC2Client,
    RevokeSecurityGroupEgressCommand,
    { GroupId: groupId, SecurityGroupRuleIds: [ruleId] },
    {
      alreadyDone: GONE,
      refused: refusal,
      undo: undoCall(EC2Client, AuthorizeSecurityGroupEgressCommand, authorization(groupId, rule), {
        alreadyDone: EXISTS,
      }),
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

const authorizeOne = (groupId: string, permission: IpPermission): CallStep =>
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

const authorization = (groupId: string, { permission, tags }: Omit<RevokedRule, 'ruleId'>) => ({
  GroupId: groupId,
  IpPermissions: [permission],
  ...(tags.length > 0 && {
    TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags: [...tags] }],
  }),
});

const GONE = ['InvalidSecurityGroupRuleId.NotFound', 'InvalidPermission.NotFound', 'InvalidGroup.NotFound'];

const EXISTS = ['InvalidPermission.Duplicate'];

const refusal = ({ Return }: { readonly Return?: boolean | undefined }) =>
  Return === false ? 'EC2 answered that the request failed.' : undefined;
