import { AccountId, createAccountContacts, parseSettings, type OperateDependencies } from '@compliance/core';
import { exampleRule, fakeSession, memoryTable, samplePayload, settingsWith } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { OPERATOR_ALIAS, createHandler } from '../src/handler.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation';

const PAYLOAD = samplePayload();
const REQUEST = {
  action: 'approve',
  id: 'plan-0123456789abcdef',
  proof: 'https://sts.eu-west-1.amazonaws.com/',
  executionId: 'operator-1',
};

const invokedAs = (invokedFunctionArn: string) => ({
  invokedFunctionArn,
  getRemainingTimeInMillis: () => 290_000,
});

const setUp = (over: Partial<OperateDependencies> = {}) => {
  const asked: string[] = [];
  const dependencies: OperateDependencies = {
    loadRule: async () => exampleRule,
    loadSettings: async () => parseSettings(settingsWith()),
    loadExemptions: async () => [],
    openSession: async () => fakeSession({ allow: [], answers: [] }),
    isStopped: async () => {
      asked.push('stop switch');
      return true;
    },
    publish: async () => {},
    contacts: createAccountContacts(),
    table: memoryTable(),
    now: () => new Date('2026-11-20T12:00:00Z'),
    verifyCaller: async (_, subject) => {
      asked.push(subject);
      return {
        arn: 'arn:aws:sts::999988887777:assumed-role/ops/jo',
        accountId: AccountId.parse('999988887777'),
        signature: 'f00d',
      };
    },
    ...over,
  };
  return { handler: createHandler(dependencies), asked };
};

describe.each([
  ['no qualifier', FUNCTION],
  ['a version', `${FUNCTION}:7`],
  ['$LATEST', `${FUNCTION}:$LATEST`],
  ['another alias', `${FUNCTION}:live`],
  ['an alias that begins like the operators’', `${FUNCTION}:operators`],
  ['an alias of another case', `${FUNCTION}:Operator`],
])('invoked with %s', (_, invokedFunctionArn) => {
  test('it takes where to look', async () => {
    const { handler, asked } = setUp();
    await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).resolves.toMatchObject({
      status: 'skipped',
      reason: 'The stop switch of the organization is on.',
    });
    expect(asked).toEqual(['stop switch']);
  });

  test('it takes no decision, and asks nobody whose it is', async () => {
    const { handler, asked } = setUp();
    await expect(handler(REQUEST, invokedAs(invokedFunctionArn))).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('This is no payload of the remediation document') as string,
    });
    expect(asked).toEqual([]);
  });
});

describe('invoked through the operators’ alias', () => {
  const invokedFunctionArn = `${FUNCTION}:${OPERATOR_ALIAS}`;

  test('it takes a decision, and asks whose it is', async () => {
    const { handler, asked } = setUp();
    await expect(handler(REQUEST, invokedAs(invokedFunctionArn))).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('There is no plan plan-0123456789abcdef') as string,
    });
    expect(asked).toEqual(['approve:plan-0123456789abcdef']);
  });

  test('it takes no payload of the automation', async () => {
    const { handler, asked } = setUp();
    await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('This is no operator') as string,
    });
    expect(asked).toEqual([]);
  });
});

test('a function whose own name is that of the alias is not the alias', async () => {
  const { handler } = setUp();
  const invokedFunctionArn = 'arn:aws:lambda:eu-west-1:999988887777:function:operator';
  await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).resolves.toMatchObject({ status: 'skipped' });
});

test('a change knows when its run will have ended, as Lambda says', async () => {
  const table = memoryTable();
  const answers = [
    { operation: 'GetBucketVersioning', answer: () => ({}) },
    { operation: 'GetResources', answer: () => ({ ResourceTagMappingList: [] }) },
    // The run goes no further.
    { operation: 'PutBucketVersioning', answer: () => new Promise(() => {}) },
  ];
  const allow = ['s3:GetBucketVersioning', 's3:PutBucketVersioning', 'tag:GetResources'];
  const { handler } = setUp({
    table,
    isStopped: async () => false,
    loadSettings: async () => parseSettings(settingsWith({ defaults: { mode: 'auto' } })),
    openSession: async () => fakeSession({ allow, answers }),
  });
  void handler(PAYLOAD, invokedAs(FUNCTION));
  const open = () => Array.fromAsync(table.query('open#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS'));
  await expect.poll(open).toMatchObject([{ data: { endsAt: '2026-11-20T12:04:55.000Z' } }]);
});
