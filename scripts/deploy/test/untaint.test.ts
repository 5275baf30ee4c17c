import { expect, test } from 'vitest';

import { untaintResources } from '../src/terraform/untaint.ts';
import { createRoot } from '../src/terraform/root.ts';
import { fakeOrganization } from './fake-organization.ts';

const root = createRoot('master-home', { accountId: '999988887777', region: 'eu-west-1' });
const STATE = {
  resources: [
    { type: 'aws_s3_bucket', name: 'ledger', instances: [{ status: 'tainted' }] },
    { type: 'aws_s3_bucket', name: 'settings', instances: [{}] },
    { type: 'aws_sns_topic', name: 'config', instances: [{ index_key: 0, status: 'tainted' }] },
    {
      type: 'aws_lambda_permission',
      name: 'rule_config',
      instances: [{ index_key: '111122223333' }, { index_key: '222233334444', status: 'tainted' }],
    },
  ],
};

const untainted = async (state: object | undefined) => {
  const { context } = await fakeOrganization(['111122223333']);
  const given: string[] = [];
  const terraform = async ({
    arguments: [verb = '', what = ''],
  }: {
    readonly arguments: readonly string[];
  }) => {
    if (verb === 'untaint') given.push(what);
    return { code: 0, output: verb === 'state' && state ? JSON.stringify(state) : '' };
  };
  await untaintResources({ ...context(), terraform }, root);
  return given;
};

test('all tainted resources are untainted, also those with an index', async () => {
  await expect(untainted(STATE)).resolves.toEqual([
    'aws_s3_bucket.ledger',
    'aws_sns_topic.config[0]',
    'aws_lambda_permission.rule_config["222233334444"]',
  ]);
});

test('a root that was never applied has nothing to untaint', async () => {
  await expect(untainted(undefined)).resolves.toEqual([]);
});
