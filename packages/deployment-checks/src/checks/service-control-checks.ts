import { ASSUMED_ROLES, AUTOMATION_ROLE, EXECUTION_ROLES, FORWARDING_ROLE, roleArn } from '@compliance/infra';

import type { AccountScps } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import type { Allowance } from '../model/policy-document.ts';
import { statementDenies, isAllowedAtLevel, type Certainty } from '../policy/service-control.ts';
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
        ...problem(role, denied('yes'), (actions) => ({
          problem: `The service control policy ${label} denies ${actions}.`,
          remedy: `Except ${role.caller.roleArn} there, by ArnNotLike aws:PrincipalArn, or switch off the rules that need it.`,
        })),
        ...problem(role, denied('perhaps'), (actions) => ({
          severity: 'undetermined',
          problem: `whether the service control policy ${label} denies ${actions} hangs on a resource or a condition`,
          remedy: 'Try a rule of it in observe first.',
        })),
      ];
    });
  });

const serviceControlAdmits: Check = (context) =>
  eachRole(context, ({ levels }, role) =>
    levels.flatMap((level) =>
      problem(
        role,
        role.needs.filter((need) => !isAllowedAtLevel(level, need)),
        (actions) => ({
          problem: `No service control policy at ${level.targetId} allows ${actions}.`,
          remedy: 'Attach FullAWSAccess there, or allow these actions as well.',
        }),
      ),
    ),
  );

export const serviceControlChecks = {
  'service-control-denies': serviceControlDenies,
  'service-control-admits': serviceControlAdmits,
} as const satisfies Record<string, Check>;

interface Role {
  readonly subject: string;
  readonly caller: { readonly roleArn: string; readonly regions: readonly string[] };
  readonly needs: readonly Allowance[];
}

/** The product's roles of every account whose service control policies are known. */
const eachRole = (
  context: CheckContext,
  check: (control: AccountScps, role: Role) => readonly Problem[],
): readonly Problem[] =>
  context.deployment.serviceControlPolicies
    // They do not hold for the management account.
    .filter(({ accountId }) => accountId !== context.deployment.organization.managementAccountId)
    .flatMap((control) => rolesOf(context, control.accountId).flatMap((role) => check(control, role)));

const rolesOf = (context: CheckContext, accountId: string): readonly Role[] =>
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
            subject: `role ${name} in ${accountId}`,
            caller: {
              roleArn: roleArn({ partition: context.deployment.partition, accountId }, name),
              regions: context.regions,
            },
            needs,
          },
        ];
  });

const problem = (
  { subject }: Role,
  needs: readonly Allowance[],
  say: (actions: string) => Omit<Problem, 'subject'>,
): readonly Problem[] => {
  const actions = [...new Set(needs.map(({ action }) => action))].toSorted();
  if (actions.length === 0) return [];
  const more = actions.length > SHOWN ? ` and ${actions.length - SHOWN} more` : '';
  return [{ subject, ...say(`${actions.slice(0, SHOWN).join(', ')}${more}`) }];
};

const SHOWN = 6;
