import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteResourcePolicyCommand,
  GetPolicyCommand,
  GetResourcePolicyCommand,
  LambdaClient,
  PutResourcePolicyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { startLocalOrg, type LocalOrg } from '../src/index.ts';

const REGION = 'eu-west-1';
const FunctionName = 'whole';
let org: LocalOrg;
let lambda: LambdaClient;
let arn: string;

const allow = (statement: object) => ({
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: arn,
  ...statement,
});
const put = (...statements: readonly object[]) =>
  lambda.send(
    new PutResourcePolicyCommand({
      ResourceArn: arn,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  );
const Policy = z.object({ Statement: z.array(z.object({ Sid: z.string() })) });
const sidsIn = (policy = '{"Statement":[]}'): readonly string[] =>
  Policy.parse(JSON.parse(policy)).Statement.map(({ Sid }) => Sid);
const read = () => lambda.send(new GetResourcePolicyCommand({ ResourceArn: arn }));

beforeAll(async () => {
  org = await startLocalOrg({ homeRegion: REGION, members: [{ name: 'team-a' }] });
  lambda = org.client(LambdaClient, org.organization.master.id);
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const { Role } = await org.client(IAMClient, org.organization.master.id).send(
    new CreateRoleCommand({
      RoleName: 'execution',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [Statement] }),
    }),
  );
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8('export const handler = async () => null;') }) },
    }),
  );
  arn = FunctionArn;
});
afterAll(() => org.stop());
beforeEach(() => put(allow({ Sid: 'whole', Principal: { Service: 'config.amazonaws.com' } })));

describe('the policy of a function is one document', () => {
  const added = { FunctionName, StatementId: 'added' };
  const add = () =>
    lambda.send(
      new AddPermissionCommand({
        ...added,
        Action: 'lambda:InvokeFunction',
        Principal: 'config.amazonaws.com',
        SourceAccount: '111122223333',
      }),
    );

  test('AddPermission appends to a whole policy, and RemovePermission removes any statement of it', async () => {
    await add();
    expect(sidsIn((await read()).Policy)).toEqual(['whole', 'added']);
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'whole' }));
    expect(sidsIn((await read()).Policy)).toEqual(['added']);
    expect(sidsIn((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy)).toEqual(['added']);
  });
  test('PutResourcePolicy replaces what AddPermission added', async () => {
    await add();
    await put(allow({ Sid: 'other', Principal: '*' }));
    expect(sidsIn((await read()).Policy)).toEqual(['other']);
  });
  test('a policy with an old revision or of more than 20 KB is refused, and the one before stays', async () => {
    const { RevisionId, Policy: document } = await read();
    await add();
    await expect(
      lambda.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy: document, RevisionId })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    await expect(put(allow({ Sid: 'x'.repeat(20_480), Principal: '*' }))).rejects.toMatchObject({
      name: 'PolicyLengthExceededException',
    });
    expect(sidsIn((await read()).Policy)).toEqual(['whole', 'added']);
  });
  test('a deleted policy admits nobody', async () => {
    await lambda.send(new DeleteResourcePolicyCommand({ ResourceArn: arn }));
    await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
