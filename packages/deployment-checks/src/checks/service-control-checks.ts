import { ASSUMED_ROLES, AUTOMATION_ROLE, EXECUTION_ROLES, FORWARDING_ROLE, roleArn } from '@compliance/infra';

import { roleSubject, type AccountScps } from '../model/deployment.ts';
import type { Allowance } from '../model/policy-document.ts';
import type { Problem } from '../model/problem.ts';
import { truncatedList } from '../model/truncated-list.ts';
import {
  isAllowedAtLevel,
  statementDenies,
  type CallingRole,
  type Certainty,
} from '../policy/service-control.ts';
import { forwardsChanges, type Check, type CheckContext } from './check-context.ts';
import { neededAllowances } from './policy-checks.ts';

const serviceControlDenies: Check = (context) =>
  eachRole(context, ({ levels }, role) => {
    const policies = levels.flatMap(({ targetId, policies: attached }) =>
      attached.map(({ name, document }) => ({ label: `${name} (at ${targetId})`, document })),
    );
    return policies.flatMap(({ label, document }) => {
      const denied = (how: Certainty) =>
        role.needs.filter((need) =>
          document?.Statement.some((statement) => statementDenies(statement, need, role.caller) === how),
        );
      return [
        ...problemsWith(role, denied('yes'), (actions) => ({
          problem: `The service control policy ${label} denies ${actions} to role ${role.name}.`,
          remedy: `Exempt ${role.caller.roleArn} in the policy with ArnNotLike aws:PrincipalArn, or disable the rules that need these actions.`,
        })),
        ...problemsWith(role, denied('perhaps'), (actions) => ({
          severity: 'undetermined',
          problem: `whether the service control policy ${label} denies ${actions} depends on a resource or a condition`,
          remedy: 'Try a rule that needs these actions in mode observe first.',
        })),
      ];
    });
  });

const serviceControlAdmits: Check = (context) =>
  eachRole(context, ({ levels }, role) =>
    levels.flatMap((level) =>
      problemsWith(
        role,
        role.needs.filter((need) => !isAllowedAtLevel(level, need)),
        (actions) => ({
          problem: `No service control policy at ${level.targetId} allows ${actions} to role ${role.name}.`,
          remedy: `Attach FullAWSAccess to ${level.targetId}, or allow these actions there.`,
        }),
      ),
    ),
  );

export const serviceControlChecks = {
  'service-control-denies': serviceControlDenies,
  'service-control-admits': serviceControlAdmits,
} as const satisfies Record<string, Check>;

interface RestrictedRole {
  readonly name: string;
  readonly subject: string;
  readonly caller: CallingRole;
  readonly needs: readonly Allowance[];
}

/** The product's roles of every account whose service control policies are known. */
const eachRole = (
  context: CheckContext,
  check: (scps: AccountScps, role: RestrictedRole) => readonly Problem[],
): readonly Problem[] =>
  context.deployment.serviceControlPolicies
    // Service control policies do not apply to the management account.
    .filter(({ accountId }) => accountId !== context.deployment.organization.managementAccountId)
    .flatMap((scps) => rolesOf(context, scps.accountId).flatMap((role) => check(scps, role)));

const rolesOf = (context: CheckContext, accountId: string): readonly RestrictedRole[] =>
  [
    ...Object.values(EXECUTION_ROLES),
    ...Object.values(ASSUMED_ROLES),
    AUTOMATION_ROLE,
    ...(forwardsChanges(context, accountId) === true ? [FORWARDING_ROLE] : []),
  ].flatMap((name) => {
    const needs = neededAllowances(context, { name, accountId });
    return needs.length === 0
      ? []
      : [
          {
            name,
            subject: roleSubject({ name, accountId }),
            caller: {
              roleArn: roleArn({ partition: context.deployment.partition, accountId }, name),
              regions: context.regions,
            },
            needs,
          },
        ];
  });

const problemsWith = (
  { subject }: RestrictedRole,
  needs: readonly Allowance[],
  describe: (actions: string) => Omit<Problem, 'subject'>,
): readonly Problem[] => {
  const actions = [...new Set(needs.map(({ action }) => action))].toSorted();
  if (actions.length === 0) return [];
  return [{ subject, ...describe(truncatedList(actions, SHOWN)) }];
};

const SHOWN = 6;
