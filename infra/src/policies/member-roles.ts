import { engineGrants, evaluateGrants, remediateGrants, type Grant, type Rule } from '@compliance/core';

import { functionArn, roleArn } from '../names/arn.ts';
import { ASSUMED_ROLES, AUTOMATION_ROLE, EXECUTION_ROLES, FUNCTIONS } from '../names/names.ts';
import { splitPolicy, type NamedPolicy } from './split-policy.ts';
import { trustOfAutomation, trustOfMaster, type RoleSpecification } from './trust-policy.ts';

export interface MemberRolesInput {
  readonly rules: readonly Rule[];
  readonly partition: string;
  readonly masterAccountId: string;
  readonly memberAccountId: string;
  /** The account whose roles alone have the permissions of rules that are only for it; by default the master account. */
  readonly managementAccountId?: string | undefined;
  readonly externalId: string;
  /** The Regions of the remediation function, in which it may be invoked. */
  readonly regions: readonly string[];
  /** Identities of the master account that may read as the function does, for `compliance scan`. None by default. */
  readonly readerPrincipalArns?: readonly string[];
}

export interface MemberRoles {
  /** Read access for the rule function and the readers. */
  readonly evaluate: RoleSpecification;
  /** Fixes and reverts, for the remediation function only. A session policy narrows it to one rule. */
  readonly remediate: RoleSpecification;
  /** Invokes the remediation function, for SSM Automation. */
  readonly automation: RoleSpecification;
}

/**
 * Returns the roles of a member account: everything the product may do there.
 * @throws {Error} when the policies exceed IAM's limits, or a reader is not exactly one identity
 */
export const memberRoles = ({
  rules,
  partition,
  masterAccountId,
  memberAccountId,
  managementAccountId = masterAccountId,
  externalId,
  regions,
  readerPrincipalArns = [],
}: MemberRolesInput): MemberRoles => {
  const master = { partition, accountId: masterAccountId };
  const policies = (name: string, engine: readonly Grant[], grantsOf: (rule: Rule) => readonly Grant[]) => {
    const { everywhere = [], management = [] } = Object.groupBy(rules, ({ only }) =>
      only === undefined ? 'everywhere' : 'management',
    );
    return splitPolicy(name, [...engine, ...everywhere.flatMap(grantsOf)], {
      accountId: managementAccountId,
      grants: management.flatMap(grantsOf),
    });
  };
  const { rule, remediation } = EXECUTION_ROLES;
  return {
    evaluate: {
      name: ASSUMED_ROLES.rule,
      trust: trustOfMaster(master, [roleArn(master, rule), ...readerPrincipalArns], externalId),
      policies: policies(ASSUMED_ROLES.rule, engineGrants.evaluate, evaluateGrants),
    },
    remediate: {
      name: ASSUMED_ROLES.remediation,
      trust: trustOfMaster(master, [roleArn(master, remediation)], externalId),
      policies: policies(ASSUMED_ROLES.remediation, engineGrants.remediate, remediateGrants),
    },
    automation: {
      name: AUTOMATION_ROLE,
      trust: trustOfAutomation({ partition, accountId: memberAccountId }),
      policies: splitPolicy(AUTOMATION_ROLE, [
        {
          action: 'lambda:InvokeFunction',
          // Unqualified: the operators' alias is a different resource.
          resource: regions.map((region) => functionArn({ ...master, region }, FUNCTIONS.remediation)),
        },
      ]),
    },
  };
};

/** The policies that a role has in one account. */
export const policiesIn = ({ policies }: RoleSpecification, accountId: string): readonly NamedPolicy[] =>
  policies.filter(({ only }) => only === undefined || only === accountId);
