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
import type { DeployedRole } from '../model/deployment.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import {
  isSameStatement,
  lowerCaseKeys,
  parsePolicyDocument,
  type Statement,
} from '../model/policy-document.ts';
import { principalsIn } from '../policy/resource-policy.ts';
import { forwardsChanges, type Check, type CheckContext } from './check-context.ts';

const memberRoleExists: Check = (context) =>
  context.accounts
    .filter(({ id: accountId }) => isCovered(context.deployment, { part: 'memberRoles', accountId }))
    .flatMap(({ id }) =>
      [...ASSUMED, AUTOMATION_ROLE]
        .filter((name) => !roleIn(context, id, name))
        .map((name) => ({
          subject: `role ${name} in ${id}`,
          problem: 'It does not exist.',
          remedy:
            'Apply the global part of the member module in this account, before the packs are rolled out.',
        })),
    );

const executionRoleExists: Check = (context) => {
  const { masterAccountId: accountId, deployment } = context;
  if (!isCovered(deployment, { part: 'executionRoles', accountId })) return [];
  return EXECUTION.filter((name) => !roleIn(context, accountId, name)).map((name) => ({
    subject: `role ${name} in ${accountId}`,
    problem: 'It does not exist, so its function cannot run.',
    remedy: 'Apply the global part of the master module.',
  }));
};

const noWildcard: Check = (context) =>
  eachTrusting(ourRoles(context), (role, trusts) =>
    trusts
      .filter(
        ({ Principal, NotPrincipal }) => NotPrincipal !== undefined || principalsIn(Principal).includes('*'),
      )
      .map(() => ({
        subject: subjectOf(role),
        problem:
          'Its trust policy has a wildcard for a principal: whoever meets the conditions may assume it.',
        remedy: 'Name the principal.',
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
        subject: subjectOf(role),
        problem: `It trusts ${others.join(', ')}.`,
        remedy: `Trust the account ${accountId} alone, with the identity as a condition: a named role breaks when it is made anew.`,
      },
    ];
  });
};

const memberRoleTrustsExecutionRole: Check = (context) =>
  eachAssumed(context, (role, { Condition }) => {
    const expected = trustedBy(context, role);
    const found = lowerCaseKeys(Condition['ArnEquals'] ?? {})['aws:principalarn'] ?? [];
    const missing = expected.filter((arn) => !found.includes(arn));
    const extra = found.filter((arn) => !expected.includes(arn));
    if (missing.length + extra.length === 0) return [];
    const problem =
      found.length === 0
        ? 'Any identity of the master account may assume it.'
        : [
            missing.length > 0 && `It does not admit ${missing.join(', ')}.`,
            extra.length > 0 && `It admits ${extra.join(', ')}.`,
          ]
            .filter(Boolean)
            .join(' ');
    return [
      {
        subject: subjectOf(role),
        problem,
        remedy: `Let ArnEquals aws:PrincipalArn be exactly ${expected.join(', ')}.`,
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
        subject: subjectOf(role),
        problem: found
          ? 'It demands another external id than the one in the settings.'
          : 'It demands no external id.',
        remedy: 'Demand the external id of compliance.yaml under StringEquals sts:ExternalId.',
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
    problem: 'It does not trust SSM Automation for executions of its own account, and for these alone.',
  });
};

const forwardingRoleExists: Check = (context) =>
  context.accounts
    .filter(({ id: accountId }) => isCovered(context.deployment, { part: 'memberRoles', accountId }))
    .filter(({ id }) => forwardsChanges(context, id) === true && !roleIn(context, id, FORWARDING_ROLE))
    .map(({ id }) => ({
      subject: `role ${FORWARDING_ROLE} in ${id}`,
      problem: 'It does not exist, and a rule forwards compliance changes as it: none arrives.',
      remedy: 'Apply both parts of the member module with the same forward_changes.',
    }));

const forwardingRoleTrust: Check = (context) => {
  const { settings, deployment } = context;
  return exactTrust(context, FORWARDING_ROLE, {
    expected: ({ accountId }) =>
      forwardingRole({ partition: deployment.partition, accountId }, settings.organization).trust,
    problem: 'It does not trust EventBridge for the rules that forward, and for these alone.',
  });
};

const executionRoleTrust: Check = (context) =>
  eachTrusting(executionRoles(context), (role, trusts) =>
    trusts
      .filter(({ Principal }) => principalsIn(Principal).join() !== 'lambda.amazonaws.com')
      .map(() => ({
        subject: subjectOf(role),
        problem: 'It does not trust AWS Lambda, and Lambda alone.',
        remedy: 'Let the service lambda.amazonaws.com, and nobody else, assume it.',
      })),
  );

/** Of all roles of the product. */
export const trustChecks = { 'role-not-public': noWildcard } as const satisfies Record<string, Check>;

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

const isGoverned = ({ accounts }: CheckContext, accountId: string) =>
  accounts.some(({ id }) => id === accountId);

/** The statements that let somebody assume each role. */
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
      : [undetermined(subjectOf(role), 'whom it trusts is known only after apply, or not understood')],
  );

const subjectOf = ({ name, accountId }: DeployedRole) => `role ${name} in ${accountId}`;

/** Each statement that lets somebody assume what the functions assume: every one of them is a door. */
const eachAssumed = (
  context: CheckContext,
  check: (role: DeployedRole, statement: Statement) => readonly Problem[],
) =>
  eachTrusting(
    context.deployment.roles.filter(
      ({ name, accountId }) => ASSUMED.includes(name) && isGoverned(context, accountId),
    ),
    (role, trusts) => trusts.flatMap((statement) => check(role, statement)),
  );

const trustedBy = (context: CheckContext, { name }: DeployedRole): readonly string[] => {
  const master = { partition: context.deployment.partition, accountId: context.masterAccountId };
  return name === ASSUMED_ROLES.rule
    ? [roleArn(master, EXECUTION_ROLES.rule), ...context.readerPrincipalArns]
    : [roleArn(master, EXECUTION_ROLES.remediation)];
};

/** A role of the members that trusts in one way only. */
const exactTrust = (
  context: CheckContext,
  name: string,
  { expected, problem }: { expected: (role: DeployedRole) => TrustPolicy; problem: string },
): readonly Problem[] =>
  eachTrusting(
    ourRoles(context).filter((role) => role.name === name && isGoverned(context, role.accountId)),
    (role, trusts) => {
      const due = expected(role);
      const statement = parsePolicyDocument(due)?.Statement[0];
      if (trusts.length > 0 && trusts.every((trust) => isSameStatement(trust, statement))) return [];
      const remedy = `Let its trust policy be ${JSON.stringify(due)}.`;
      return [{ subject: subjectOf(role), problem, remedy }];
    },
  );
