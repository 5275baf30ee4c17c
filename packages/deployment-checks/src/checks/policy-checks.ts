import {
  concernsAccount,
  engineGrants,
  evaluateGrants,
  policyOf,
  remediateGrants,
  withConfiguredGrants,
  type Grant,
  type Rule,
} from '@compliance/core';
import {
  ASSUMED_ROLES,
  AUTOMATION_ROLE,
  FORWARDING_ROLE,
  forwardingRole,
  keeperRole,
  masterRoles,
  memberRoles,
  sessionPolicyProblems,
} from '@compliance/infra';

import { roleSubject, type DeployedPolicy, type DeployedRole } from '../model/deployment.ts';
import {
  allowancesIn,
  denyOrNegatedStatements,
  describeAllowance,
  includesAllowance,
  parsePolicyDocument,
  type Allowance,
} from '../model/policy-document.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { truncatedList } from '../model/truncated-list.ts';
import { rulesIn, type Check, type CheckContext } from './check-context.ts';

const rolePolicyCovers: Check = (context) =>
  eachRole(context, (role, { needed }, policies) => {
    const has = allowancesIn(documentsOf(policies));
    const missing = needed.filter((need) => !has.some((allowance) => includesAllowance(allowance, need)));
    const bounded =
      role.boundary === undefined
        ? []
        : [
            undetermined(
              roleSubject(role),
              `the permissions boundary ${role.boundary} may allow less than the policies`,
            ),
          ];
    if (missing.length === 0) return bounded;
    return [
      {
        subject: roleSubject(role),
        problem: `Role ${role.name} lacks permissions: ${list(missing)}.`,
        remedy: `Apply the policies of role ${role.name} that the enabled rules need.`,
      },
    ];
  });

const rolePolicyNarrow: Check = (context) =>
  eachRole(context, (role, { allowed }, policies) => {
    const broader = allowancesIn(documentsOf(policies)).filter(
      (allowance) => !allowed.some((own) => includesAllowance(own, allowance)),
    );
    if (broader.length === 0) return [];
    return [
      {
        subject: roleSubject(role),
        problem: `Role ${role.name} has permissions that no rule needs: ${list(broader)}.`,
        remedy: `Remove these permissions from role ${role.name}.`,
      },
    ];
  });

const rolePolicyPlain: Check = (context) =>
  eachRole(context, (role, _, policies) => {
    const foreign = policies.filter(({ document }) => document === undefined).map(({ name }) => name);
    const odd = denyOrNegatedStatements(documentsOf(policies)).length;
    const problem = [
      foreign.length > 0 &&
        `Role ${role.name} has policies that the product does not emit: ${foreign.join(', ')}.`,
      odd > 0 &&
        `Role ${role.name} has ${odd} ${odd === 1 ? 'statement' : 'statements'} with Deny, NotAction, NotResource or NotPrincipal.`,
    ].filter((sentence) => sentence !== false);
    if (problem.length === 0) return [];
    return [
      {
        subject: roleSubject(role),
        problem: problem.join(' '),
        remedy: `Remove them from role ${role.name}: with them, its permissions no longer follow from the rules.`,
      },
    ];
  });

const sessionPolicySize: Check = ({ rules }) =>
  rules.flatMap((rule) =>
    sessionPolicyProblems([rule]).map((problem) => ({
      subject: `rule ${rule.command}`,
      problem,
      remedy: `Shorten the permissions of rule ${rule.command}: STS rejects a longer session policy, so that no fix could run.`,
    })),
  );

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LIMITS = { policies: 10, characters: 6144 };

const rolePolicySize: Check = (context) =>
  eachRole(context, (role, _, all) => {
    const policies = all.filter(({ isInline }) => isInline !== true);
    const long = policies.filter(({ characters = 0 }) => characters > LIMITS.characters);
    const problems = [
      policies.length > LIMITS.policies &&
        `Role ${role.name} has ${policies.length} managed policies; IAM allows ${LIMITS.policies} by default.`,
      ...long.map(
        ({ name, characters }) =>
          `Policy ${name} has ${characters} characters; IAM allows ${LIMITS.characters}.`,
      ),
    ].filter((sentence) => sentence !== false);
    if (problems.length === 0) return [];
    return [
      {
        subject: roleSubject(role),
        problem: problems.join(' '),
        remedy: 'Apply the policies that `make synth` writes: it splits them.',
      },
    ];
  });

export const policyChecks = {
  'role-policy-covers': rolePolicyCovers,
  'role-policy-narrow': rolePolicyNarrow,
  'role-policy-plain': rolePolicyPlain,
  'role-policy-size': rolePolicySize,
} as const satisfies Record<string, Check>;

/** Checks of the rules alone, independent of the deployment. */
export const sessionPolicyChecks = {
  'session-policy-size': sessionPolicySize,
} as const satisfies Record<string, Check>;

type RoleName = Pick<DeployedRole, 'name' | 'accountId'>;

interface AllowancesDue {
  readonly needed: readonly Allowance[];
  /** Includes disabled rules: the emitted policies may serve all rules of the product. */
  readonly allowed: readonly Allowance[];
}

const eachRole = (
  context: CheckContext,
  check: (role: DeployedRole, due: AllowancesDue, policies: readonly DeployedPolicy[]) => readonly Problem[],
) =>
  context.deployment.roles.flatMap((role) => {
    const due = allowancesDue(context, role);
    if (!due) return [];
    return role.policies
      ? check(role, due, role.policies)
      : [undetermined(roleSubject(role), 'some policies are known only after apply')];
  });

/** `undefined`: not a role of the product, or not of this organization. */
const allowancesDue = (context: CheckContext, { name, accountId }: RoleName): AllowancesDue | undefined => {
  if (accountId === context.masterAccountId) {
    const execution = executionRoles(context).find((role) => role.name === name);
    if (execution) return exactly(execution.policies);
  }
  const account = context.accounts.find(({ id }) => id === accountId);
  if (!account) return undefined;
  const concerning = context.rules.filter((rule) => concernsAccount(rule, context.settings, accountId));
  const { deployment, settings } = context;
  const place = { accountId, partition: deployment.partition };
  if (name === ASSUMED_ROLES.rule)
    return {
      needed: granted(engineGrants.evaluate, rulesIn(context, account), evaluateGrants),
      allowed: granted(engineGrants.evaluate, concerning, evaluateGrants),
    };
  if (name === ASSUMED_ROLES.remediation)
    return {
      needed: granted(
        engineGrants.remediate,
        withConfiguredGrants(
          fixableRules(rulesIn(context, account, 'approve')),
          { settings, accounts: [account] },
          place,
        ),
        remediateGrants,
      ),
      allowed: granted(
        engineGrants.remediate,
        withConfiguredGrants(concerning, { settings, accounts: settings.accounts }, place),
        remediateGrants,
      ),
    };
  if (name === AUTOMATION_ROLE) return exactly(automationRole(context, accountId).policies);
  return name === FORWARDING_ROLE
    ? exactly(forwardingRole({ partition: deployment.partition, accountId }, settings.organization).policies)
    : undefined;
};

const granted = (
  engine: readonly Grant[],
  rules: readonly Rule[],
  grants: (rule: Rule) => readonly Grant[],
): readonly Allowance[] => parsedAllowances([policyOf([...engine, ...rules.flatMap(grants)])]);

const fixableRules = (rules: readonly Rule[]) => rules.flatMap((rule) => (rule.fix ? rule : []));

const exactly = (policies: readonly { readonly document: object }[]): AllowancesDue => {
  const allowances = parsedAllowances(policies.map(({ document }) => document));
  return { needed: allowances, allowed: allowances };
};

const parsedAllowances = (documents: readonly object[]) =>
  allowancesIn(documents.flatMap((document) => parsePolicyDocument(document) ?? []));

/** The permissions that a role of the product needs; empty for any other role. */
export const neededAllowances = (context: CheckContext, role: RoleName): readonly Allowance[] =>
  allowancesDue(context, role)?.needed ?? [];

const executionRoles = ({
  masterAccountId,
  homeRegion,
  settings,
  deployment: { partition },
}: CheckContext) => {
  const home = { masterAccountId, homeRegion, partition, organizationId: settings.organization.id };
  const keeper = keeperRole(home, settings);
  return [...Object.values(masterRoles(home)), ...(keeper ? [keeper] : [])];
};

const automationRole = (
  { deployment, masterAccountId, settings, regions }: CheckContext,
  memberAccountId: string,
) =>
  memberRoles({
    rules: [],
    partition: deployment.partition,
    masterAccountId,
    memberAccountId,
    externalId: settings.organization.externalId,
    regions,
  }).automation;

const documentsOf = (policies: readonly DeployedPolicy[]) =>
  policies.flatMap(({ document }) => document ?? []);

const SHOWN = 5;

const list = (allowances: readonly Allowance[]): string =>
  truncatedList([...new Set(allowances.map(describeAllowance))].toSorted(), SHOWN, '; ');
