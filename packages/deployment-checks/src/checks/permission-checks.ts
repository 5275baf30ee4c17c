import { OPERATOR_ALIAS, RECOVERY_ALIAS, canonical, defined, isGlobMatch } from '@compliance/core';
import {
  AUTOMATION_ROLE,
  CONFIG,
  FUNCTIONS,
  POLICY_BYTES,
  functionPolicyBytes,
  organizationPolicies,
  policyOrganization,
  roleArn,
  type FunctionKey,
} from '@compliance/infra';

import type { DeployedPermission } from '../model/deployment.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { isAccountPrincipal } from '../policy/resource-policy.ts';
import { SOMEBODY, permissionsIn } from '../policy/function-policy.ts';
import type { Certainty } from '../policy/service-control.ts';
import { coveredRegions, masterIn, type Check, type CheckContext } from './check-context.ts';

const ruleFunctionAdmitsConfig: Check = (context) => {
  const organizationId = policyOrganization(context.settings.organization);
  return eachAccount(context, 'rule', admitsRulesOf, (id) => ({
    problem: `AWS Config may not invoke function ${FUNCTIONS.rule} for account ${id}: no rule can be deployed there.`,
    remedy:
      organizationId === undefined
        ? `Allow lambda:InvokeFunction for ${CONFIG} with source account ${id} before the pack is rolled out.`
        : `Put the policy of master-regional, which allows lambda:InvokeFunction for ${CONFIG} with aws:SourceOrgID ${organizationId}.`,
  }));
};

const remediationFunctionAdmitsMembers: Check = (context) => {
  const { id: organizationId } = context.settings.organization;
  return eachAccount(context, 'remediation', admitsAutomationsOf, (id) => ({
    problem: `Automations of account ${id} may not invoke function ${FUNCTIONS.remediation}.`,
    remedy:
      organizationId === undefined
        ? `Allow lambda:InvokeFunction for account ${id}.`
        : policyOrganization(context.settings.organization) === undefined
          ? `Allow lambda:InvokeFunction for organization ${organizationId}.`
          : `Put the policy of master-regional, which allows lambda:InvokeFunction for role ${AUTOMATION_ROLE} of organization ${organizationId}.`,
  }));
};

/** Reports each account that no permission of a function admits, and where the known conditions do not show it. */
const eachAccount = (
  context: CheckContext,
  key: FunctionKey,
  admits: (permission: DeployedPermission, context: CheckContext, place: AccountAndRegion) => Certainty,
  refused: (accountId: string) => Pick<Problem, 'problem' | 'remedy'>,
): readonly Problem[] =>
  eachRegion(context, (region) => {
    const permissions = permissionsOf(context, key, region);
    const subject = subjectOf(context, key, region);
    return context.accounts.flatMap(({ id: accountId }): readonly Problem[] => {
      const admitted = permissions.map((permission) => admits(permission, context, { accountId, region }));
      if (admitted.includes('yes')) return [];
      return admitted.includes('perhaps')
        ? [undetermined(subject, `whether the policy admits account ${accountId} depends on a condition`)]
        : [{ subject, ...refused(accountId) }];
    });
  });

interface AccountAndRegion {
  readonly accountId: string;
  readonly region: string;
}

const functionNotPublic: Check = (context) =>
  eachPermission(context, (permission, subject) => {
    const { functionName, action, principal, principalOrgId, sourceOrgId, unclear } = permission;
    if (action.toLowerCase() !== 'lambda:invokefunction')
      return [
        {
          subject,
          problem: `${principal} is allowed ${action} on function ${functionName}: more than to invoke it.`,
          remedy: 'Allow only lambda:InvokeFunction.',
        },
      ];
    const own = context.settings.organization.id;
    const foreign = [principalOrgId, sourceOrgId].find((id) => id !== undefined && id !== own);
    const isOpen = principal === '*' && principalOrgId === undefined;
    if (foreign === undefined && !isOpen && principal !== SOMEBODY) return [];
    if (unclear !== undefined)
      return [undetermined(subject, `who may invoke function ${functionName} depends on ${unclear}`)];
    return [
      {
        subject,
        problem: isOpen
          ? `Anyone may invoke function ${functionName}.`
          : `Organization ${foreign} may invoke function ${functionName}, but is not the organization of the settings.`,
        remedy: own === undefined ? 'Admit each member account.' : `Admit only organization ${own}.`,
      },
    ];
  });

const functionPermissionScoped: Check = (context) => {
  const { organization } = context.settings;
  const isChosen = organization.invokePermission === 'any-account';
  return eachPermission(context, ({ functionName, principal, ...conditions }, subject) => {
    const { sourceAccount, sourceArn, sourceOrgId } = conditions;
    const isScoped = [sourceAccount, sourceArn, sourceOrgId].some((condition) => condition !== undefined);
    return principal.endsWith('.amazonaws.com') &&
      !isScoped &&
      !(isChosen && principal === CONFIG && functionName === FUNCTIONS.rule)
      ? [
          {
            severity: 'warning',
            subject,
            problem: `${principal} may invoke function ${functionName} on behalf of any AWS account, at your cost.`,
            remedy:
              'Add a source account to the permission; or, with more accounts than fit into a function policy, ' +
              'set organization.invokePermission to organization or to any-account.',
          },
        ]
      : [];
  });
};

/** A policy put as a whole where the settings choose statements, or the other way round, admits others than they say. */
const functionPermissionChosen: Check = (context) => {
  const isWhole = policyOrganization(context.settings.organization) !== undefined;
  return eachPermission(context, (permission, subject) => {
    const { functionName, principal, principalArn, sourceOrgId } = permission;
    const isOfWhole =
      functionName === FUNCTIONS.rule ? sourceOrgId !== undefined : principalArn !== undefined;
    const isChosen = isWhole
      ? wholePermissions(context, permission).includes(admissionOf(permission))
      : !isOfWhole;
    if (isChosen || principal === SOMEBODY) return [];
    return [
      {
        severity: 'warning',
        subject,
        problem: isWhole
          ? `Function ${functionName} admits ${principal} by another statement than invokePermission: organization chooses.`
          : `Function ${functionName} still admits ${principal} of the organization by the policy that invokePermission: organization put.`,
        remedy: 'Run make deploy-master.',
      },
    ];
  });
};

/** What the whole policies that the settings choose allow on the function of a permission. */
const wholePermissions = (context: CheckContext, { region, functionName }: DeployedPermission) => {
  const master = masterIn(context, region);
  const policies = organizationPolicies(context.settings, master);
  return Object.values(policies ?? {}).flatMap((policy) =>
    permissionsIn(parsePolicyDocument(policy) ?? { Statement: [] }, { ...master, functionName }).map(
      admissionOf,
    ),
  );
};

/** Who may do what, as text. What else it depends on is left to the other checks. */
const admissionOf = (permission: DeployedPermission): string =>
  canonical(defined({ ...permission, unclear: undefined }));

/** Role ARNs as principals break when the role is recreated. The handler rejects unlisted accounts, at your cost. */
const functionPermissionKnown: Check = (context) => {
  const ids = new Set<string>([...context.accounts.map(({ id }) => id), context.masterAccountId]);
  return eachPermission(context, ({ functionName, principal, sourceAccount }, subject) => {
    const [, , , , accountInArn] = principal.split(':');
    const account = sourceAccount ?? accountInArn ?? (/^\d{12}$/.test(principal) ? principal : undefined);
    if (account !== undefined && !ids.has(account))
      return [
        {
          severity: 'warning',
          subject,
          problem: `Function ${functionName} admits account ${account}, which the settings do not list.`,
          remedy: `Remove the permission, or list account ${account} in compliance.yaml.`,
        },
      ];
    if (!/:(role|user)\//.test(principal)) return [];
    return [
      {
        subject,
        problem: `Function ${functionName} admits ${principal} by ARN, which breaks when that identity is recreated.`,
        remedy: 'Admit the organization or the account instead.',
      },
    ];
  });
};

const functionPolicySize: Check = (context) => {
  const { settings } = context;
  return eachRegion(context, (region) =>
    (['rule', 'remediation'] as const).flatMap((key) => {
      const permissions = permissionsOf(context, key, region).map(
        ({ principal, sourceAccount, principalOrgId }, index) => ({
          FunctionName: FUNCTIONS[key],
          StatementId: `config-${String(index).padStart(12, '0')}`,
          Action: 'lambda:InvokeFunction' as const,
          Principal: principal,
          ...defined({ SourceAccount: sourceAccount, PrincipalOrgID: principalOrgId }),
        }),
      );
      const bytes = functionPolicyBytes(permissions, settings);
      if (bytes <= POLICY_BYTES) return [];
      return [
        {
          subject: subjectOf(context, key, region),
          problem: `The policy of function ${FUNCTIONS[key]} has about ${bytes} bytes; Lambda accepts at most ${POLICY_BYTES}.`,
          remedy:
            'Distribute the accounts over several installations, or set organization.invokePermission to organization or to any-account.',
        },
      ];
    }),
  );
};

const aliasExists =
  (alias: string, consequence: string): Check =>
  (context) =>
    eachRegion(context, (region) => {
      const found = context.deployment.aliases.some(
        (candidate) =>
          candidate.name === alias &&
          candidate.functionName === FUNCTIONS.remediation &&
          sameRegionAs(masterIn(context, region))(candidate),
      );
      if (found) return [];
      return [
        {
          subject: `alias ${alias} of ${subjectOf(context, 'remediation', region)}`,
          problem: `Alias ${alias} of function ${FUNCTIONS.remediation} does not exist: ${consequence}.`,
          remedy: `Create alias ${alias} of function ${FUNCTIONS.remediation}.`,
        },
      ];
    });

const operatorAliasClosed: Check = (context) =>
  eachRegion(context, (region) =>
    context.deployment.permissions
      .filter(sameRegionAs(masterIn(context, region)))
      .filter(({ qualifier }) => qualifier !== undefined)
      .map(({ functionName, qualifier, principal }) => ({
        subject: `alias ${qualifier} of function ${functionName} ${formatPlace(masterIn(context, region))}`,
        problem: `The policy of alias ${qualifier} of function ${functionName} admits ${principal}: others than the master account could invoke it.`,
        remedy: 'Remove the permission: only identities of the master account may invoke this alias.',
      })),
  );

export const permissionChecks = {
  'rule-function-admits-config': ruleFunctionAdmitsConfig,
  'remediation-function-admits-members': remediationFunctionAdmitsMembers,
  'function-not-public': functionNotPublic,
  'function-permission-scoped': functionPermissionScoped,
  'function-permission-chosen': functionPermissionChosen,
  'function-permission-known': functionPermissionKnown,
  'function-policy-size': functionPolicySize,
  'operator-alias': aliasExists(OPERATOR_ALIAS, 'operators cannot approve, apply, reject or undo'),
  'recovery-alias': aliasExists(RECOVERY_ALIAS, 'changes whose run was interrupted are not finished'),
  'operator-alias-closed': operatorAliasClosed,
} as const satisfies Record<string, Check>;

const eachRegion = (context: CheckContext, check: (region: string) => readonly Problem[]) =>
  coveredRegions(context, 'functions', context.masterAccountId).flatMap(check);

const eachPermission = (
  context: CheckContext,
  check: (permission: DeployedPermission, subject: string) => readonly Problem[],
) =>
  eachRegion(context, (region) =>
    (['rule', 'remediation'] as const).flatMap((key) =>
      permissionsOf(context, key, region).flatMap((permission) =>
        check(permission, subjectOf(context, key, region)),
      ),
    ),
  );

/** The permissions of the function itself, not of its versions and aliases. */
const permissionsOf = (
  context: CheckContext,
  key: FunctionKey,
  region: string,
): readonly DeployedPermission[] =>
  context.deployment.permissions.filter(
    (permission) =>
      permission.functionName === FUNCTIONS[key] &&
      permission.qualifier === undefined &&
      sameRegionAs(masterIn(context, region))(permission),
  );

const subjectOf = (context: CheckContext, key: FunctionKey, region: string) =>
  `function ${FUNCTIONS[key]} ${formatPlace(masterIn(context, region))}`;

const isInvoke = ({ action }: DeployedPermission) =>
  ['lambda:InvokeFunction', 'lambda:*', '*'].includes(action);

const admitsRulesOf = (
  permission: DeployedPermission,
  { deployment, settings }: CheckContext,
  { accountId, region }: AccountAndRegion,
): Certainty => {
  const { principal, sourceAccount = accountId, sourceArn = '*', sourceOrgId } = permission;
  // Only the id at the end of a pack rule's ARN is unknown before deployment.
  const rule = `arn:${deployment.partition}:config:${region}:${accountId}:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-000000`;
  const admits =
    isInvoke(permission) &&
    [CONFIG, SOMEBODY].includes(principal) &&
    sourceAccount === accountId &&
    isGlobMatch(sourceArn, rule) &&
    (sourceOrgId === undefined || sourceOrgId === settings.organization.id);
  // A service has neither organization nor role.
  const { principalOrgId, principalArn } = permission;
  return certainty(admits, permission, principalOrgId !== undefined || principalArn !== undefined);
};

const admitsAutomationsOf = (
  permission: DeployedPermission,
  { deployment, settings }: CheckContext,
  { accountId }: AccountAndRegion,
): Certainty => {
  const { principal, principalOrgId, principalArn = '*' } = permission;
  const role = roleArn({ partition: deployment.partition, accountId }, AUTOMATION_ROLE);
  const isAdmitted =
    principal === '*'
      ? principalOrgId !== undefined && principalOrgId === settings.organization.id
      : principal === SOMEBODY || isAccountPrincipal(principal, accountId);
  return certainty(isInvoke(permission) && isAdmitted && isGlobMatch(principalArn, role), permission);
};

const certainty = (admits: boolean, { unclear }: DeployedPermission, isOdd = false): Certainty => {
  if (!admits) return 'no';
  return unclear !== undefined || isOdd ? 'perhaps' : 'yes';
};
