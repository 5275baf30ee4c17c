import { OPERATOR_ALIAS, RECOVERY_ALIAS, defined, isGlobMatch } from '@compliance/core';
import { CONFIG, FUNCTIONS, POLICY_BYTES, functionPolicyBytes, type FunctionKey } from '@compliance/infra';

import type { DeployedPermission } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import type { Problem } from '../model/problem.ts';
import { isAccountPrincipal } from '../policy/resource-policy.ts';
import { coveredRegions, masterIn, type Check, type CheckContext } from './check-context.ts';

const ruleFunctionAdmitsConfig: Check = (context) =>
  eachRegion(context, (region) => {
    const admitting = permissionsOf(context, 'rule', region).filter(({ principal }) => principal === CONFIG);
    return context.accounts
      .filter(({ id }) => !admitting.some((permission) => admitsRulesOf(permission, context, id, region)))
      .map(({ id }) => ({
        subject: subjectOf(context, 'rule', region),
        problem: `AWS Config may not invoke function ${FUNCTIONS.rule} for account ${id}: no rule can be deployed there.`,
        remedy: `Allow lambda:InvokeFunction for ${CONFIG} with source account ${id} before the pack is rolled out.`,
      }));
  });

const remediationFunctionAdmitsMembers: Check = (context) => {
  const { id: organizationId } = context.settings.organization;
  return eachRegion(context, (region) => {
    const permissions = permissionsOf(context, 'remediation', region).filter(isInvoke);
    const organization = permissions.some(
      ({ principal, principalOrgId }) =>
        principal === '*' && principalOrgId !== undefined && principalOrgId === organizationId,
    );
    if (organization) return [];
    return context.accounts
      .filter(({ id }) => !permissions.some(({ principal }) => isAccountPrincipal(principal, id)))
      .map(({ id }) => ({
        subject: subjectOf(context, 'remediation', region),
        problem: `Automations of account ${id} may not invoke function ${FUNCTIONS.remediation}.`,
        remedy:
          organizationId === undefined
            ? `Allow lambda:InvokeFunction for account ${id}.`
            : `Allow lambda:InvokeFunction for organization ${organizationId}.`,
      }));
  });
};

const functionNotPublic: Check = (context) =>
  eachPermission(context, (permission, subject) => {
    const { functionName, principal, principalOrgId } = permission;
    if (principal !== '*') return [];
    const own = context.settings.organization.id;
    if (principalOrgId !== undefined && principalOrgId === own) return [];
    return [
      {
        subject,
        problem:
          principalOrgId === undefined
            ? `Anyone may invoke function ${functionName}.`
            : `Organization ${principalOrgId} may invoke function ${functionName}, but is not the organization of the settings.`,
        remedy: own === undefined ? 'Admit each member account.' : `Admit only organization ${own}.`,
      },
    ];
  });

const functionPermissionScoped: Check = (context) => {
  const isChosen = context.settings.organization.invokePermission === 'any-account';
  return eachPermission(context, ({ functionName, principal, sourceAccount, sourceArn }, subject) =>
    principal.endsWith('.amazonaws.com') &&
    sourceAccount === undefined &&
    sourceArn === undefined &&
    !(isChosen && principal === CONFIG && functionName === FUNCTIONS.rule)
      ? [
          {
            severity: 'warning',
            subject,
            problem: `${principal} may invoke function ${functionName} on behalf of any AWS account, at your cost.`,
            remedy:
              'Add a source account to the permission; or, with more accounts than fit into a function policy, ' +
              'set organization.invokePermission to any-account.',
          },
        ]
      : [],
  );
};

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
            'Distribute the accounts over several installations, or set organization.invokePermission to any-account.',
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
  { deployment }: CheckContext,
  accountId: string,
  region: string,
): boolean => {
  const { sourceAccount = accountId, sourceArn = '*' } = permission;
  // Only the id at the end of a pack rule's ARN is unknown before deployment.
  const rule = `arn:${deployment.partition}:config:${region}:${accountId}:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-000000`;
  return isInvoke(permission) && sourceAccount === accountId && isGlobMatch(sourceArn, rule);
};
