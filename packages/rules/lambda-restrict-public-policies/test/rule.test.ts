import {
  GetResourcePolicyCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:resize';
const OPEN = {
  Sid: 'Url',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunctionUrl',
  Resource: ARN,
};

/** A function with a version and an alias, and policies by ARN. */
const observed = (policies: Readonly<Record<string, object>>) => {
  const session = fakeSession({
    allow: rule.permissions.get,
    answers: [
      on(LambdaClient, ListVersionsByFunctionCommand, () => ({
        Versions: [{ Version: '$LATEST' }, { Version: '1' }],
      })),
      on(LambdaClient, ListAliasesCommand, () => ({ Aliases: [{ Name: 'live' }] })),
      on(LambdaClient, GetResourcePolicyCommand, ({ ResourceArn = '' }) => {
        const statement = policies[ResourceArn];
        if (!statement) throw awsError('ResourceNotFoundException');
        return { Policy: JSON.stringify({ Statement: [statement] }) };
      }),
    ],
  });
  return rule.observe.get({ resourceType: 'AWS::Lambda::Function', resourceId: 'resize' }, { session });
};

test.for([['NONE'], ['AWS_IAM']])(
  'a function URL with AuthType %s for everybody is public',
  async ([type]) => {
    const Condition = { StringEquals: { 'lambda:FunctionUrlAuthType': type } };
    const found = await observed({ [ARN]: { ...OPEN, Condition } });
    expect(found?.facts.public).toEqual([
      { qualifier: '', sid: 'Url', actions: ['lambda:InvokeFunctionUrl'] },
    ]);
  },
);

test('the annotation names the version or alias that is public', async () => {
  const found = await observed({ [`${ARN}:1`]: OPEN, [`${ARN}:live`]: OPEN });
  if (!found) throw new Error('Expected the fake function.');
  const context = {
    parameters: {},
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    partition: 'aws',
    now: new Date('2026-11-20T12:00:00Z'),
  };
  expect(rule.judge(found.facts, context)).toMatchObject({
    annotation: 'Statement Url of 1 lets everybody call lambda:InvokeFunctionUrl; so do 1 more.',
  });
  expect(found.handles?.keys).toEqual([`${ARN}:1`, `${ARN}:live`]);
});
