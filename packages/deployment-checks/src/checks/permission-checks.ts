import { isGlobMatch } from '@compliance/core';
import {
  CONFIG,
  FUNCTIONS,
  OPERATOR_ALIAS,
  POLICY_BYTES,
  functionPolicyBytes,
  type FunctionKey,
} from '@compliance/infra';

import type { DeployedPermission } from '../model/deployment.ts';
import type { Problem } from '../model/problem.ts';
import { isAccount } from '../policy/resource-policy.ts';
import { at, isIn } from '../model/place.ts';
import { masterIn, regionsLooked, type Check, type Wiring } from './check-context.ts';

const admitsConfig: Check = (wiring) =>
  eachRegion(wiring, (region) => {
    const admitting = permissionsOf(wiring, 'rule', region).filter(({ principal }) => principal === CONFIG);
    return wiring.accounts
      .filter(({ id }) => !admitting.some((permission) => admitsRulesOf(permission, wiring, id, region)))
      .map(({ id }) => ({
        subject: subjectOf(wiring, 'rule', region),
        problem: `AWS Config may not invoke it for account ${id}: no rule can be deployed there.`,
        remedy: `Allow lambda:InvokeFunction to ${CONFIG} with the source account ${id}, before the pack is rolled out.`,
      }));
  });

const admitsMembers: Check = (wiring) => {
  const { id: organizationId } = wiring.settings.organization;
  return eachRegion(wiring, (region) => {
    const permissions = permissionsOf(wiring, 'remediation', region).filter(isInvoke);
    const organization = permissions.some(
      ({ principal, principalOrgId }) =>
        principal === '*' && principalOrgId !== undefined && principalOrgId === organizationId,
    );
    if (organization) return [];
    return wiring.accounts
      .filter(({ id }) => !permissions.some(({ principal }) => isAccount(principal, id)))
      .map(({ id }) => ({
        subject: subjectOf(wiring, 'remediation', region),
        problem: `The automations of account ${id} may not invoke it.`,
        remedy:
          organizationId === undefined
            ? `Allow lambda:InvokeFunction to the account ${id}.`
            : `Allow lambda:InvokeFunction to everyone of the organization ${organizationId}.`,
      }));
  });
};

const noWildcard: Check = (wiring) =>
  eachPermission(wiring, (permission, subject) => {
    const { principal, principalOrgId } = permission;
    if (principal !== '*') return [];
    const own = wiring.settings.organization.id;
    if (principalOrgId !== undefined && principalOrgId === own) return [];
    return [
      {
        subject,
        problem:
          principalOrgId === undefined
            ? 'Everybody may invoke it.'
            : `Everybody of the organization ${principalOrgId} may invoke it, and that is not the one of the settings.`,
        remedy:
          own === undefined ? 'Admit the member accounts one by one.' : `Admit the organization ${own} only.`,
      },
    ];
  });

const scoped: Check = (wiring) => {
  const isChosen = wiring.settings.organization.invokePermission === 'any-account';
  return eachPermission(wiring, ({ functionName, principal, sourceAccount, sourceArn }, subject) =>
    principal.endsWith('.amazonaws.com') &&
    sourceAccount === undefined &&
    sourceArn === undefined &&
    !(isChosen && principal === CONFIG && functionName === FUNCTIONS.rule)
      ? [
          {
            severity: 'warning',
            subject,
            problem: `${principal} may invoke it on behalf of any AWS account, at your cost.`,
            remedy:
              'Name the source account; or, where there are more than a function policy holds, set ' +
              'organization.invokePermission to open.',
          },
        ]
      : [],
  );
};

/** Role ARNs as principals break when the role is made anew; strangers are refused by the handler, but pay nothing. */
const known: Check = (wiring) => {
  const ids = new Set<string>([...wiring.accounts.map(({ id }) => id), wiring.masterAccountId]);
  return eachPermission(wiring, ({ principal, sourceAccount }, subject) => {
    const [, , , , ofArn] = principal.split(':');
    const account = sourceAccount ?? ofArn ?? (/^\d{12}$/.test(principal) ? principal : undefined);
    if (account !== undefined && !ids.has(account))
      return [
        {
          severity: 'warning',
          subject,
          problem: `It admits the account ${account}, which the settings do not list.`,
          remedy: 'Remove the permission, or list the account in compliance.yaml.',
        },
      ];
    if (!/:(role|user)\//.test(principal)) return [];
    return [
      {
        subject,
        problem: `It admits ${principal} by name, which breaks when that is made anew.`,
        remedy: 'Admit the organization, or the account.',
      },
    ];
  });
};

const size: Check = (wiring) => {
  const { settings } = wiring;
  return eachRegion(wiring, (region) =>
    (['rule', 'remediation'] as const).flatMap((key) => {
      const permissions = permissionsOf(wiring, key, region).map(
        ({ principal, sourceAccount, principalOrgId }, index) => ({
          FunctionName: FUNCTIONS[key],
          StatementId: `config-${String(index).padStart(12, '0')}`,
          Action: 'lambda:InvokeFunction' as const,
          Principal: principal,
          ...(sourceAccount !== undefined && { SourceAccount: sourceAccount }),
          ...(principalOrgId !== undefined && { PrincipalOrgID: principalOrgId }),
        }),
      );
      const bytes = functionPolicyBytes(permissions, settings);
      if (bytes <= POLICY_BYTES) return [];
      return [
        {
          subject: subjectOf(wiring, key, region),
          problem: `Its policy has about ${bytes} bytes, and Lambda takes ${POLICY_BYTES}.`,
          remedy: 'Split the accounts over installations, or set organization.invokePermission to open.',
        },
      ];
    }),
  );
};

const alias: Check = (wiring) =>
  eachRegion(wiring, (region) => {
    const found = wiring.deployment.aliases.some(
      (candidate) =>
        candidate.name === OPERATOR_ALIAS &&
        candidate.functionName === FUNCTIONS.remediation &&
        isIn(masterIn(wiring, region))(candidate),
    );
    if (found) return [];
    return [
      {
        subject: `alias ${OPERATOR_ALIAS} of ${subjectOf(wiring, 'remediation', region)}`,
        problem: 'It does not exist: nobody can approve, apply, reject or undo.',
        remedy: `Create the alias ${OPERATOR_ALIAS} of ${FUNCTIONS.remediation}.`,
      },
    ];
  });

const aliasClosed: Check = (wiring) =>
  eachRegion(wiring, (region) =>
    wiring.deployment.permissions
      .filter(isIn(masterIn(wiring, region)))
      .filter(({ qualifier }) => qualifier !== undefined)
      .map(({ functionName, qualifier, principal }) => ({
        subject: `alias ${qualifier} of function ${functionName} ${at(masterIn(wiring, region))}`,
        problem: `It has a resource policy that admits ${principal}: others than the master account could act as operators.`,
        remedy: 'Remove the permission. Only identities of the master account may come in by this door.',
      })),
  );

export const permissionChecks = {
  'rule-function-admits-config': admitsConfig,
  'remediation-function-admits-members': admitsMembers,
  'function-not-public': noWildcard,
  'function-permission-scoped': scoped,
  'function-permission-known': known,
  'function-policy-size': size,
  'operator-alias': alias,
  'operator-alias-closed': aliasClosed,
} as const satisfies Record<string, Check>;

const eachRegion = (wiring: Wiring, check: (region: string) => readonly Problem[]) =>
  regionsLooked(wiring, 'functions', wiring.masterAccountId).flatMap(check);

const eachPermission = (
  wiring: Wiring,
  check: (permission: DeployedPermission, subject: string) => readonly Problem[],
) =>
  eachRegion(wiring, (region) =>
    (['rule', 'remediation'] as const).flatMap((key) =>
      permissionsOf(wiring, key, region).flatMap((permission) =>
        check(permission, subjectOf(wiring, key, region)),
      ),
    ),
  );

/** Of the function itself, not of its versions and aliases. */
const permissionsOf = (wiring: Wiring, key: FunctionKey, region: string): readonly DeployedPermission[] =>
  wiring.deployment.permissions.filter(
    (permission) =>
      permission.functionName === FUNCTIONS[key] &&
      permission.qualifier === undefined &&
      isIn(masterIn(wiring, region))(permission),
  );

const subjectOf = (wiring: Wiring, key: FunctionKey, region: string) =>
  `function ${FUNCTIONS[key]} ${at(masterIn(wiring, region))}`;

const isInvoke = ({ action }: DeployedPermission) =>
  ['lambda:InvokeFunction', 'lambda:*', '*'].includes(action);

const admitsRulesOf = (
  permission: DeployedPermission,
  { deployment }: Wiring,
  accountId: string,
  region: string,
): boolean => {
  const { sourceAccount = accountId, sourceArn = '*' } = permission;
  // The id of a pack's rule is not known before; everything up to it is.
  const rule = `arn:${deployment.partition}:config:${region}:${accountId}:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-000000`;
  return isInvoke(permission) && sourceAccount === accountId && isGlobMatch(sourceArn, rule);
};
