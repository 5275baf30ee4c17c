import {
  AccountId,
  createAccountContacts,
  OPERATOR_ALIAS,
  RECOVERY_ALIAS,
  parseSettings,
  type OperateDependencies,
} from '@compliance/core';
import { exampleRule, fakeSession, memoryTable, samplePayload, settingsWith } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { createHandler } from '../src/handler.ts';

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
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 290_000,
});

const setUp = (over: Partial<OperateDependencies> = {}) => {
  const lookups: string[] = [];
  const dependencies: OperateDependencies = {
    loadRule: async () => exampleRule,
    loadSettings: async () => parseSettings(settingsWith()),
    loadExemptions: async () => [],
    openSession: async () => fakeSession({ allow: [], answers: [] }),
    isStopped: async () => {
      lookups.push('stop switch');
      return true;
    },
    publish: async () => {},
    contacts: createAccountContacts(),
    table: memoryTable(),
    now: () => new Date('2026-11-20T12:00:00Z'),
    verifyCaller: async (_, subject) => {
      lookups.push(subject);
      return {
        arn: 'arn:aws:sts::999988887777:assumed-role/ops/jo',
        accountId: AccountId.parse('999988887777'),
        signature: 'f00d',
      };
    },
    ...over,
  };
  return { handler: createHandler(dependencies), lookups };
};

describe.each([
  ['no qualifier', FUNCTION],
  ['a version', `${FUNCTION}:7`],
  ['$LATEST', `${FUNCTION}:$LATEST`],
  ['another alias', `${FUNCTION}:live`],
  ['an alias that starts with the operators’ alias', `${FUNCTION}:operators`],
  ['the operators’ alias in another case', `${FUNCTION}:Operator`],
])('a function invoked with %s', (qualifier, invokedFunctionArn) => {
  test(`a function invoked with ${qualifier} remediates`, async () => {
    const { handler, lookups } = setUp();
    await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).resolves.toEqual({ status: 'skipped' });
    expect(lookups).toEqual(['stop switch']);
  });

  test(`a function invoked with ${qualifier} refuses a decision, and verifies no identity`, async () => {
    const { handler, lookups } = setUp();
    await expect(handler(REQUEST, invokedAs(invokedFunctionArn))).resolves.toEqual({ status: 'refused' });
    expect(lookups).toEqual([]);
  });
});

describe('a function invoked through the operators’ alias', () => {
  const invokedFunctionArn = `${FUNCTION}:${OPERATOR_ALIAS}`;

  test('a function invoked through the operators’ alias takes a decision, and verifies the identity', async () => {
    const { handler, lookups } = setUp();
    await expect(handler(REQUEST, invokedAs(invokedFunctionArn))).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('Unknown plan plan-0123456789abcdef') as string,
    });
    expect(lookups).toEqual(['approve:plan-0123456789abcdef']);
  });

  test('a function invoked through the operators’ alias refuses a payload of the automation', async () => {
    const { handler, lookups } = setUp();
    await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('Invalid operator request') as string,
    });
    expect(lookups).toEqual([]);
  });
});

test('a function invoked through the alias of sweeps recovers, and takes no payload of the automation', async () => {
  const { handler } = setUp();
  const invokedFunctionArn = `${FUNCTION}:${RECOVERY_ALIAS}`;
  const place = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws' };
  const request = { command: 'S3_ENABLE_VERSIONING', ...place };
  await expect(handler(request, invokedAs(invokedFunctionArn))).resolves.toEqual({ finished: 0 });
  await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).rejects.toMatchObject({
    code: 'malformed-request',
  });
});

test('a function with the name of the alias is not the alias', async () => {
  const { handler } = setUp();
  const invokedFunctionArn = 'arn:aws:lambda:eu-west-1:999988887777:function:operator';
  await expect(handler(PAYLOAD, invokedAs(invokedFunctionArn))).resolves.toMatchObject({ status: 'skipped' });
});

test('an open change records the end of its run according to Lambda', async () => {
  const table = memoryTable();
  const execution = {
    AutomationExecutionStatus: 'InProgress',
    DocumentName: 'arn:aws:ssm:eu-west-1:999988887777:document/compliance-remediation',
    Parameters: {
      ComplianceCommand: [PAYLOAD.complianceCommand],
      ResourceType: [PAYLOAD.resourceType],
      ResourceId: [PAYLOAD.resourceId],
    },
  };
  const answers = [
    { operation: 'GetAutomationExecution', answer: () => ({ AutomationExecution: execution }) },
    { operation: 'GetBucketVersioning', answer: () => ({}) },
    { operation: 'GetResources', answer: () => ({ ResourceTagMappingList: [] }) },
    // The run ends here.
    { operation: 'PutBucketVersioning', answer: () => new Promise(() => {}) },
  ];
  const allow = [
    's3:GetBucketVersioning',
    's3:PutBucketVersioning',
    'tag:GetResources',
    'ssm:GetAutomationExecution',
  ];
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
