import { ASSUMED_ROLES, AUTOMATION_ROLE, EXECUTION_ROLES, FORWARDING_ROLE, roleArn } from '@compliance/infra';

import type { ServiceControl } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import type { Allowance } from '../model/policy-document.ts';
import { deniedBy, isAdmittedAt, type Certainty } from '../policy/service-control.ts';
import { forwards, type Check, type Wiring } from './check-context.ts';
import { neededBy } from './policy-checks.ts';

const denies: Check = (wiring) =>
  eachRole(wiring, ({ levels }, role) => {
    const policies = levels.flatMap(({ targetId, policies: attached }) =>
      attached.map(({ name, document }) => ({ label: `${name} (at ${targetId})`, document })),
    );
    return policies.flatMap(({ label, document }) => {
      const denied = (how: Certainty) =>
        role.needs.filter((need) =>
          document?.Statement.some((statement) => deniedBy(statement, need, role.caller) === how),
        );
      return [
        ...problem(role, denied('yes'), (actions) => ({
          problem: `The service control policy ${label} denies ${actions}.`,
          remedy: `Except ${role.caller.roleArn} there, by ArnNotLike aws:PrincipalArn, or switch off the rules that need it.`,
        })),
        ...problem(role, denied('perhaps'), (actions) => ({
          severity: 'unknown',
          problem: `whether the service control policy ${label} denies ${actions} hangs on a resource or a condition`,
          remedy: 'Try a rule of it in observe first.',
        })),
      ];
    });
  });

const admits: Check = (wiring) =>
  eachRole(wiring, ({ levels }, role) =>
    levels.flatMap((level) =>
      problem(
        role,
        role.needs.filter((need) => !isAdmittedAt(level, need)),
        (actions) => ({
          problem: `No service control policy at ${level.targetId} allows ${actions}.`,
          remedy: 'Attach FullAWSAccess there, or allow these actions as well.',
        }),
      ),
    ),
  );

export const serviceControlChecks = {
  'service-control-denies': denies,
  'service-control-admits': admits,
} as const satisfies Record<string, Check>;

interface Role {
  readonly subject: string;
  readonly caller: { readonly roleArn: string; readonly regions: readonly string[] };
  readonly needs: readonly Allowance[];
}

/** The product's roles of every account whose service control policies are known. */
const eachRole = (
  wiring: Wiring,
  check: (control: ServiceControl, role: Role) => readonly Problem[],
): readonly Problem[] =>
  wiring.deployment.serviceControls
    // They do not hold for the management account.
    .filter(({ accountId }) => accountId !== wiring.deployment.organization.managementAccountId)
    .flatMap((control) => rolesOf(wiring, control.accountId).flatMap((role) => check(control, role)));

const rolesOf = (wiring: Wiring, accountId: string): readonly Role[] =>
  [
    ...Object.values(EXECUTION_ROLES),
    ...Object.values(ASSUMED_ROLES),
    AUTOMATION_ROLE,
    ...(forwards(wiring, accountId) === true ? [FORWARDING_ROLE] : []),
  ].flatMap((name) => {
    const needs = neededBy(wiring, { name, accountId });
    return needs.length === 0
      ? []
      : [
          {
            subject: `role ${name} in ${accountId}`,
            caller: {
              roleArn: roleArn({ partition: wiring.deployment.partition, accountId }, name),
              regions: wiring.regions,
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
