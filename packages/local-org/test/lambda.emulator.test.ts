import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalOrg, startLocalOrg } from '../src/index.ts';

const source = (version: string) => `
let count = 0;
export const handler = async (event, context) => {
  switch (event.do) {
    case 'context': return { ...context, remaining: context.getRemainingTimeInMillis() };
    case 'environment': return process.env;
    case 'throw': throw new TypeError('bad');
    case 'sleep': await new Promise((resolve) => setTimeout(resolve, event.ms)); return 'slept';
    case 'exit': process.exit(3);
    case 'log': console.log('to stdout'); console.error('to stderr'); return null;
    case 'count': return (count += 1);
    case 'version': return '${version}';
  }
};`;
const zip = (version: string) => zipSync({ 'index.mjs': strToU8(source(version)) });

let org: LocalOrg;
let lambda: LambdaClient;

const create = async (FunctionName: string, more: object = {}): Promise<void> => {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::${org.organization.master.id}:role/execution`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 1,
      MemorySize: 256,
      Environment: { Variables: { OWN: 'value' } },
      Code: { ZipFile: zip('one') },
      ...more,
    }),
  );
};
const invoke = async (FunctionName: string, event: object, more: Partial<InvokeCommandInput> = {}) => {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }),
  );
  const text = answer.Payload?.transformToString() ?? '';
  return {
    error: answer.FunctionError,
    status: answer.StatusCode,
    payload: text === '' ? undefined : JSON.parse(text),
  };
};

beforeAll(async () => {
  process.env['LEAKS'] = 'from the parent';
  org = await startLocalOrg({ homeRegion: 'eu-west-1', members: [] });
  lambda = org.client(LambdaClient, org.organization.master.id);
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  await org.client(IAMClient, org.organization.master.id).send(
    new CreateRoleCommand({
      RoleName: 'execution',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await create('plain');
});
afterAll(async () => {
  delete process.env['LEAKS'];
  await org.stop();
});

test('a function has its own environment and its role’s credentials, nothing of the parent process', async () => {
  const { payload } = await invoke('plain', { do: 'environment' });
  expect(payload).toMatchObject({
    OWN: 'value',
    AWS_LAMBDA_FUNCTION_NAME: 'plain',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: org.endpointUrl,
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
  });
  expect(payload).not.toHaveProperty('LEAKS');
  expect(payload).not.toHaveProperty('HOME');
});
test('the process of a function is reused', async () => {
  const { payload: first } = await invoke('plain', { do: 'count' });
  await expect(invoke('plain', { do: 'count' })).resolves.toMatchObject({ payload: first + 1 });
});
test('new code replaces the process of a function', async () => {
  await create('changing');
  await expect(invoke('changing', { do: 'version' })).resolves.toMatchObject({ payload: 'one' });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile: zip('two') }));
  await expect(invoke('changing', { do: 'version' })).resolves.toMatchObject({ payload: 'two' });
});
test('the code of a function may be in S3', async () => {
  const s3 = org.client(S3Client, org.organization.master.id);
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: 'artifacts', CreateBucketConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'three.zip', Body: zip('three') }));
  await create('from-s3', { Code: { S3Bucket: 'artifacts', S3Key: 'three.zip' } });
  await expect(invoke('from-s3', { do: 'version' })).resolves.toMatchObject({ payload: 'three' });
});
test('an alias runs its version, and the context has the ARN of the alias', async () => {
  await create('aliased');
  const { Version: version = '' } = await lambda.send(new PublishVersionCommand({ FunctionName: 'aliased' }));
  await lambda.send(
    new CreateAliasCommand({ FunctionName: 'aliased', Name: 'operator', FunctionVersion: version }),
  );
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'aliased', ZipFile: zip('two') }));
  await expect(invoke('aliased', { do: 'version' }, { Qualifier: 'operator' })).resolves.toMatchObject({
    payload: 'one',
  });
  await expect(invoke('aliased', { do: 'version' })).resolves.toMatchObject({ payload: 'two' });
  const { payload } = await invoke('aliased', { do: 'context' }, { Qualifier: 'operator' });
  expect(payload).toMatchObject({
    functionName: 'aliased',
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:${org.organization.master.id}:function:aliased:operator`,
    remaining: expect.closeTo(1000, -3),
  });
});

test('the caller receives an error of the handler', async () => {
  await expect(invoke('plain', { do: 'throw' })).resolves.toMatchObject({
    error: 'Unhandled',
    status: 200,
    payload: { errorType: 'TypeError', errorMessage: 'bad', trace: expect.any(Array) },
  });
});
test('a function that exceeds its timeout is killed', async () => {
  await expect(invoke('plain', { do: 'sleep', ms: 5000 })).resolves.toMatchObject({
    error: 'Unhandled',
    payload: { errorMessage: expect.stringContaining('Task timed out after 1.00 seconds') },
  });
  await expect(invoke('plain', { do: 'version' })).resolves.toMatchObject({ payload: 'one' });
});
test('an exit of the process fails its invocation, and the next one has a new process', async () => {
  await expect(invoke('plain', { do: 'exit' })).resolves.toMatchObject({
    payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
  });
  await expect(invoke('plain', { do: 'count' })).resolves.toMatchObject({ payload: 1 });
});
test('a module that cannot be loaded fails every invocation', async () => {
  await create('broken', { Handler: 'nowhere.handler' });
  const failing = { payload: { errorType: 'Runtime.ImportModuleError' } };
  await expect(invoke('broken', {})).resolves.toMatchObject(failing);
  await expect(invoke('broken', {})).resolves.toMatchObject(failing);
});
test('the output of a function is in its log', async () => {
  await invoke('plain', { do: 'log' });
  await expect
    .poll(() => org.logs().map(({ stream, line }) => `${stream}: ${line}`))
    .toEqual(expect.arrayContaining(['stdout: to stdout', 'stderr: to stderr']));
});

test('an asynchronous invocation has three attempts and is then recorded as failed', async () => {
  await expect(invoke('plain', { do: 'throw' }, { InvocationType: 'Event' })).resolves.toMatchObject({
    status: 202,
  });
  await org.whenIdle();
  expect(org.failures()).toMatchObject([
    { event: { do: 'throw' }, attempts: 3, error: expect.stringContaining('bad') },
  ]);
});
test('a dry run does not run the function', async () => {
  const before = org.invocations().length;
  await expect(invoke('plain', { do: 'throw' }, { InvocationType: 'DryRun' })).resolves.toMatchObject({
    status: 204,
  });
  expect(org.invocations()).toHaveLength(before);
});
test('beyond the reserved concurrency a synchronous call is throttled, an event waits', async () => {
  await create('narrow', { Timeout: 5 });
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'narrow', ReservedConcurrentExecutions: 1 }),
  );
  const impatient = new LambdaClient({
    region: 'eu-west-1',
    endpoint: org.endpointUrl,
    credentials: org.credentials(org.organization.master.id),
    maxAttempts: 1,
  });
  const running = invoke('narrow', { do: 'sleep', ms: 400 });
  await setTimeout(200);
  await expect(impatient.send(new InvokeCommand({ FunctionName: 'narrow' }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
  });
  await invoke('narrow', { do: 'version' }, { InvocationType: 'Event' });
  await expect(running).resolves.toMatchObject({ payload: 'slept' });
  await org.whenIdle();
  expect(org.invocations().at(-1)).toMatchObject({ functionName: 'narrow', payload: '"one"' });
});
test('an unknown function is not found', async () => {
  await expect(invoke('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
