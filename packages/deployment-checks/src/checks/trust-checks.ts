import {
  ASSUMED_ROLES,
  AUTOMATION_ROLE,
  EXECUTION_ROLES,
  FORWARDING_ROLE,
  accountArn,
  forwardingRole,
  memberRoles,
  roleArn,
  type TrustPolicy,
} from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import { roleSubject, type DeployedRole } from '../model/deployment.ts';
import {
  isSameStatement,
  lowerCaseKeys,
  parsePolicyDocument,
  type Statement,
} from '../model/policy-document.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { principalsIn } from '../policy/resource-policy.ts';
import { forwardsChanges, type Check, type CheckContext } from './check-context.ts';

const memberRoleExists: Check = (context) =>
  context.accounts
    .filter(({ id: accountId }) => isCovered(context.deployment, { part: 'memberRoles', accountId }))
    .flatMap(({ id }) =>
      [...ASSUMED, AUTOMATION_ROLE]
        .filter((name) => !roleIn(context, id, name))
        .map((name) => ({
          subject: roleSubject({ name, accountId: id }),
          problem: `Role ${name} does not exist in account ${id}.`,
          remedy:
            'Apply the global part of the member module in this account, before the packs are rolled out.',
        })),
    );

const executionRoleExists: Check = (context) => {
  const { masterAccountId: accountId, deployment } = context;
  if (!isCovered(deployment, { part: 'executionRoles', accountId })) return [];
  return EXECUTION.filter((name) => !roleIn(context, accountId, name)).map((name) => ({
    subject: roleSubject({ name, accountId }),
    problem: `Role ${name} does not exist: its function cannot run.`,
    remedy: 'Apply the global part of the master module.',
  }));
};

const roleNotPublic: Check = (context) =>
  eachTrusting(ourRoles(context), (role, trusts) =>
    trusts
      .filter(
        ({ Principal, NotPrincipal }) => NotPrincipal !== undefined || principalsIn(Principal).includes('*'),
      )
      .map(() => ({
        subject: roleSubject(role),
        problem: `The trust policy of role ${role.name} has a wildcard principal: anyone who meets the conditions may assume it.`,
        remedy: `Name the principal in the trust policy of role ${role.name}.`,
      })),
  );

const memberRoleTrustsMaster: Check = (context) => {
  const { deployment, masterAccountId: accountId } = context;
  const master: readonly string[] = [accountArn({ partition: deployment.partition, accountId }), accountId];
  return eachAssumed(context, (role, { Principal }) => {
    const others = principalsIn(Principal).filter(
      (principal) => !master.includes(principal) && principal !== '*',
    );
    if (others.length === 0) return [];
    return [
      {
        subject: roleSubject(role),
        problem: `Role ${role.name} trusts ${others.join(', ')} instead of account ${accountId} alone.`,
        remedy: `Trust only account ${accountId}, with the identity as a condition: a role named as principal breaks when it is recreated.`,
      },
    ];
  });
};

const memberRoleTrustsExecutionRole: Check = (context) =>
  eachAssumed(context, (role, { Condition }) => {
    const expected = trustedPrincipals(context, role);
    const found = lowerCaseKeys(Condition['ArnEquals'] ?? {})['aws:principalarn'] ?? [];
    const missing = expected.filter((arn) => !found.includes(arn));
    const extra = found.filter((arn) => !expected.includes(arn));
    if (missing.length + extra.length === 0) return [];
    const problem =
      found.length === 0
        ? `Any identity of the master account may assume role ${role.name}.`
        : [
            missing.length > 0 && `Role ${role.name} does not admit ${missing.join(', ')}.`,
            extra.length > 0 && `Role ${role.name} must not admit ${extra.join(', ')}.`,
          ]
            .filter(Boolean)
            .join(' ');
    return [
      {
        subject: roleSubject(role),
        problem,
        remedy: `Set ArnEquals aws:PrincipalArn in the trust policy to exactly ${expected.join(', ')}.`,
      },
    ];
  });

const memberRoleExternalId: Check = (context) => {
  const { externalId: expected } = context.settings.organization;
  return eachAssumed(context, (role, { Condition }) => {
    const found = lowerCaseKeys(Condition['StringEquals'] ?? {})['sts:externalid'];
    if (found?.length === 1 && found[0] === expected) return [];
    return [
      {
        subject: roleSubject(role),
        problem: found
          ? `Role ${role.name} requires another external id than the settings have.`
          : `Role ${role.name} requires no external id.`,
        remedy: 'Require the external id of compliance.yaml with StringEquals sts:ExternalId.',
      },
    ];
  });
};

const automationRoleTrust: Check = (context) => {
  const { masterAccountId, settings, regions, deployment } = context;
  return exactTrust(context, AUTOMATION_ROLE, {
    expected: ({ accountId }) =>
      memberRoles({
        rules: [],
        partition: deployment.partition,
        masterAccountId,
        memberAccountId: accountId,
        externalId: settings.organization.externalId,
        regions,
      }).automation.trust,
    problem: `Role ${AUTOMATION_ROLE} must trust only SSM Automation executions of its own account.`,
  });
};

const forwardingRoleExists: Check = (context) =>
  context.accounts
    .filter(({ id: accountId }) => isCovered(context.deployment, { part: 'memberRoles', accountId }))
    .filter(({ id }) => forwardsChanges(context, id) === true && !roleIn(context, id, FORWARDING_ROLE))
    .map(({ id }) => ({
      subject: roleSubject({ name: FORWARDING_ROLE, accountId: id }),
      problem: `Role ${FORWARDING_ROLE} does not exist: the rules that use it cannot forward compliance changes.`,
      remedy: 'Apply both parts of the member module with the same forward_changes.',
    }));

const forwardingRoleTrust: Check = (context) => {
  const { settings, deployment } = context;
  return exactTrust(context, FORWARDING_ROLE, {
    expected: ({ accountId }) =>
      forwardingRole({ partition: deployment.partition, accountId }, settings.organization).trust,
    problem: `Role ${FORWARDING_ROLE} must trust only the EventBridge rules that forward compliance changes.`,
  });
};

const executionRoleTrust: Check = (context) =>
  eachTrusting(executionRoles(context), (role, trusts) =>
    trusts
      .filter(({ Principal }) => principalsIn(Principal).join() !== 'lambda.amazonaws.com')
      .map(() => ({
        subject: roleSubject(role),
        problem: `Role ${role.name} must trust only AWS Lambda.`,
        remedy: `Allow only the service lambda.amazonaws.com to assume role ${role.name}.`,
      })),
  );

/** Check all roles of the product. */
export const trustChecks = { 'role-not-public': roleNotPublic } as const satisfies Record<string, Check>;

export const memberTrustChecks = {
  'member-role-exists': memberRoleExists,
  'member-role-trusts-master': memberRoleTrustsMaster,
  'member-role-trusts-execution-role': memberRoleTrustsExecutionRole,
  'member-role-external-id': memberRoleExternalId,
  'automation-role-trust': automationRoleTrust,
  'forwarding-role-exists': forwardingRoleExists,
  'forwarding-role-trust': forwardingRoleTrust,
} as const satisfies Record<string, Check>;

export const executionTrustChecks = {
  'execution-role-exists': executionRoleExists,
  'execution-role-trust': executionRoleTrust,
} as const satisfies Record<string, Check>;

const roleIn = ({ deployment }: CheckContext, accountId: string, name: string): DeployedRole | undefined =>
  deployment.roles.find((role) => role.name === name && role.accountId === accountId);

const ASSUMED: readonly string[] = Object.values(ASSUMED_ROLES);
const EXECUTION: readonly string[] = Object.values(EXECUTION_ROLES);
const OUR_ROLES = [...ASSUMED, ...EXECUTION, AUTOMATION_ROLE, FORWARDING_ROLE];

const ourRoles = ({ deployment }: CheckContext) =>
  deployment.roles.filter(({ name }) => OUR_ROLES.includes(name));

const executionRoles = (context: CheckContext) =>
  context.deployment.roles.filter(
    ({ name, accountId }) => accountId === context.masterAccountId && EXECUTION.includes(name),
  );

const isInSettings = ({ accounts }: CheckContext, accountId: string) =>
  accounts.some(({ id }) => id === accountId);

/** Checks the Allow statements of the trust policy of each role. */
const eachTrusting = (
  roles: readonly DeployedRole[],
  check: (role: DeployedRole, trusts: readonly Statement[]) => readonly Problem[],
): readonly Problem[] =>
  roles.flatMap((role) =>
    role.trust
      ? check(
          role,
          role.trust.Statement.filter(({ Effect }) => Effect === 'Allow'),
        )
      : [undetermined(roleSubject(role), 'the trust policy is known only after apply, or cannot be parsed')],
  );

/** Checks each statement that allows assuming a role of the functions. */
const eachAssumed = (
  context: CheckContext,
  check: (role: DeployedRole, statement: Statement) => readonly Problem[],
) =>
  eachTrusting(
    context.deployment.roles.filter(
      ({ name, accountId }) => ASSUMED.includes(name) && isInSettings(context, accountId),
    ),
    (role, trusts) => trusts.flatMap((statement) => check(role, statement)),
  );

const trustedPrincipals = (context: CheckContext, { name }: DeployedRole): readonly string[] => {
  const master = { partition: context.deployment.partition, accountId: context.masterAccountId };
  return name === ASSUMED_ROLES.rule
    ? [roleArn(master, EXECUTION_ROLES.rule), ...context.readerPrincipalArns]
    : [roleArn(master, EXECUTION_ROLES.remediation)];
};

/** Checks a member role whose trust policy must equal the emitted one. */
const exactTrust = (
  context: CheckContext,
  name: string,
  { expected, problem }: { expected: (role: DeployedRole) => TrustPolicy; problem: string },
): readonly Problem[] =>
  eachTrusting(
    ourRoles(context).filter((role) => role.name === name && isInSettings(context, role.accountId)),
    (role, trusts) => {
      const due = expected(role);
      const statement = parsePolicyDocument(due)?.Statement[0];
      if (trusts.length > 0 && trusts.every((trust) => isSameStatement(trust, statement))) return [];
      const remedy = `Set the trust policy of role ${name} to ${JSON.stringify(due)}.`;
      return [{ subject: roleSubject(role), problem, remedy }];
    },
  );
