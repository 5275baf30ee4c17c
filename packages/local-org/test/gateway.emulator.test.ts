import { AccessAnalyzerClient, CreateAnalyzerCommand } from '@aws-sdk/client-accessanalyzer';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  GetApisCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import {
  AssociateIamInstanceProfileCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListAccessKeysCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueUrlCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts';
import { parse } from 'csv-parse/sync';
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Fault } from '../src/gateway/dispatch.ts';
import { startGateway, type Gateway } from '../src/gateway/start-gateway.ts';
import type { Credentials } from '../src/iam/credentials.ts';
import { awsError } from '../src/protocol/aws-error.ts';
import type { Call } from '../src/protocol/call.ts';
import { presign } from './presign.ts';

// All tests of a run share the emulator: accounts and names are only used in this file.
const account = () => String(randomInt(1e11, 1e12 - 1));
const MASTER = account();
const MEMBER = account();
const STRANGER = account();
const region = 'eu-west-1';

let gateway: Gateway;
let fault: ((call: Call) => Fault | undefined) | undefined;
let time = () => new Date();
const completed: string[] = [];

beforeAll(async () => {
  gateway = await startGateway({
    upstream: inject('emulator'),
    organization: { id: 'o-local', accountIds: () => [MASTER, MEMBER] },
    isForEmulator: ({ service, accountId }) => service === 'lambda' && accountId === STRANGER,
    handlers: {
      'config:PutEvaluations': async ({ accountId }) => ({
        FailedEvaluations: [{ Annotation: accountId, OrderingTimestamp: new Date(1000) }],
      }),
      'lambda:ListFunctions': async () => {
        throw awsError('TooManyRequestsException', 'Slow', 429);
      },
    },
    onCompleted: ({ service, operation }, { status }) => {
      completed.push(`${service}:${operation} ${status}`);
    },
    fault: (call) => fault?.(call),
    now: () => time(),
  });
});

afterAll(async () => {
  await gateway.stop();
});

const settings = (credentials: Credentials) => ({
  endpoint: gateway.url,
  region,
  credentials,
  maxAttempts: 1,
});
const admin = (accountId: string) => settings(gateway.issueAdmin(accountId));
const json = JSON.stringify;
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const policy = (...Statement: object[]) => json({ Version: '2012-10-17', Statement });
const trust = (Principal: object, Condition?: object) =>
  policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...(Condition && { Condition }) });

test('an account that the emulator answers does not see the answer of a handler', async () => {
  const functionsOf = (accountId: string) =>
    new LambdaClient(admin(accountId)).send(new ListFunctionsCommand({}));
  await expect(functionsOf(MEMBER)).rejects.toThrow('Slow');
  await expect(functionsOf(STRANGER)).resolves.toMatchObject({ Functions: [] });
});

test('the URL of a queue leads back to the gateway, where the SDK asks for its attributes', async () => {
  const client = new SQSClient(admin(MEMBER));
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  expect(QueueUrl).toBe(`${gateway.url}/${MEMBER}/jobs`);
  await expect(client.send(new ListQueuesCommand({}))).resolves.toMatchObject({ QueueUrls: [QueueUrl] });
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).resolves.toMatchObject({
    QueueUrl,
  });
});

let names = 0;
/** Creates a role with these identity statements; returns its ARN. */
const createRole = async (
  accountId: string,
  trustPolicy: string,
  ...statements: object[]
): Promise<string> => {
  const iam = new IAMClient(admin(accountId));
  const RoleName = `role-${(names += 1)}`;
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustPolicy }));
  if (statements.length > 0) {
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: policy(...statements) }),
    );
  }
  return Role?.Arn ?? '';
};
/** The credentials of a function's execution role. */
const execute = async (accountId: string, ...statements: object[]) => {
  const arn = await createRole(accountId, trust({ Service: 'lambda.amazonaws.com' }), ...statements);
  return {
    arn,
    credentials: await gateway.assumeAsService(arn, 'lambda.amazonaws.com', { sessionName: 'function' }),
  };
};
const assume = async (
  caller: Credentials,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Credentials> => {
  const sts = new STSClient(settings(caller));
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more }),
  );
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
};
const createBucket = async (accountId: string): Promise<string> => {
  const Bucket = `bucket-${MASTER}-${(names += 1)}`;
  await new S3Client(admin(accountId)).send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
  );
  return Bucket;
};

test('accounts are isolated from each other', async () => {
  const Bucket = await createBucket(MEMBER);
  const buckets = async (accountId: string) =>
    (await new S3Client(admin(accountId)).send(new ListBucketsCommand({}))).Buckets;
  expect(await buckets(MEMBER)).toContainEqual(expect.objectContaining({ Name: Bucket }));
  expect(await buckets(STRANGER)).toEqual([]);
});

describe('identity', () => {
  test('GetCallerIdentity returns the account, role and name of a session', async () => {
    const { arn, credentials } = await execute(MASTER);
    const identity = await new STSClient(settings(credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: MASTER,
      Arn: `arn:aws:sts::${MASTER}:assumed-role/${arn.split('/')[1]}/function`,
    });
  });
  test('an unknown access key is refused', async () => {
    const sts = new STSClient(settings({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' }));
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });
  test('a temporary key without its session token is refused', async () => {
    const { sessionToken: _, ...credentials } = (await execute(MASTER)).credentials;
    await expect(new S3Client(settings(credentials)).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });
  test('a temporary key expires', async () => {
    const { credentials } = await execute(MASTER, allow('s3:ListAllMyBuckets'));
    time = () => new Date(Date.now() + 3_601_000);
    try {
      await expect(
        new S3Client(settings(credentials)).send(new ListBucketsCommand({})),
      ).rejects.toMatchObject({ name: 'ExpiredToken' });
    } finally {
      time = () => new Date();
    }
  });
  test('a presigned GetCallerIdentity returns the identity, unless a signed header was changed', async () => {
    const { credentials } = await execute(MASTER);
    const { url, headers } = presign(gateway.url, credentials, { 'x-compliance-change': 'c-1' });
    const shown = await fetch(url, { headers });
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain(`<Account>${MASTER}</Account>`);
    const forged = await fetch(url, { headers: { ...headers, 'x-compliance-change': 'c-2' } });
    expect(forged.status).toBe(403);
    expect(await forged.text()).toContain('SignatureDoesNotMatch');
  });
  test('a presigned request expires', async () => {
    const { url, headers } = presign(
      gateway.url,
      gateway.issueAdmin(MASTER),
      {},
      new Date(Date.now() - 120_000),
    );
    expect(await (await fetch(url, { headers })).text()).toContain('The presigned request has expired');
  });
});

describe('AssumeRole', () => {
  test('AssumeRole needs the trusted principal and the external id', async () => {
    const master = await execute(MASTER, allow('sts:AssumeRole'));
    const other = await execute(MASTER, allow('sts:AssumeRole'));
    const condition = {
      StringEquals: { 'sts:ExternalId': 'secret' },
      ArnEquals: { 'aws:PrincipalArn': master.arn },
    };
    const role = await createRole(MEMBER, trust({ AWS: `arn:aws:iam::${MASTER}:root` }, condition));
    await expect(assume(master.credentials, role, { ExternalId: 'secret' })).resolves.toHaveProperty(
      'sessionToken',
    );
    const refused = {
      name: 'AccessDenied',
      message: expect.stringContaining(`perform: sts:AssumeRole on resource: ${role}`),
    };
    await expect(assume(master.credentials, role, { ExternalId: 'wrong' })).rejects.toMatchObject(refused);
    await expect(assume(master.credentials, role)).rejects.toMatchObject(refused);
    await expect(assume(other.credentials, role, { ExternalId: 'secret' })).rejects.toMatchObject(refused);
  });
  test('AssumeRole of a missing role has the same error as a denied one', async () => {
    const { credentials } = await execute(MASTER, allow('sts:AssumeRole'));
    await expect(assume(credentials, `arn:aws:iam::${MEMBER}:role/none`)).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
  test('AssumeRole across accounts must be allowed by the caller’s policy as well', async () => {
    const { arn, credentials } = await execute(MASTER, allow('s3:*'));
    const role = await createRole(MEMBER, trust({ AWS: arn }));
    await expect(assume(credentials, role)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
  test('within an account, trust in the principal is enough, trust in the account is not', async () => {
    const { arn, credentials } = await execute(MASTER);
    await expect(assume(credentials, await createRole(MASTER, trust({ AWS: arn })))).resolves.toHaveProperty(
      'sessionToken',
    );
    const byAccount = await createRole(MASTER, trust({ AWS: `arn:aws:iam::${MASTER}:root` }));
    await expect(assume(credentials, byAccount)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
  test('aws:PrincipalOrgID has a value only for accounts of the organization', async () => {
    const role = await createRole(
      MEMBER,
      trust({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-local' } }),
    );
    const inside = await execute(MASTER, allow('sts:AssumeRole'));
    const outside = await execute(STRANGER, allow('sts:AssumeRole'));
    await expect(assume(inside.credentials, role)).resolves.toHaveProperty('sessionToken');
    await expect(assume(outside.credentials, role)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
  test('a session by role chaining lasts at most an hour', async () => {
    const { arn, credentials } = await execute(MASTER);
    const role = await createRole(MASTER, trust({ AWS: arn }));
    await expect(assume(credentials, role, { DurationSeconds: 3601 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('role chaining'),
    });
  });
  test('a session policy has at most 2,048 characters', async () => {
    const { credentials } = await execute(MASTER);
    const long = policy(allow('s3:*', `arn:aws:s3:::${'x'.repeat(2048)}`));
    await expect(assume(credentials, 'arn:aws:iam::1:role/r', { Policy: long })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
  test('a service may assume a role only for the trusted account and source', async () => {
    const condition = {
      StringEquals: { 'aws:SourceAccount': MEMBER },
      ArnLike: { 'aws:SourceArn': `arn:aws:ssm:*:${MEMBER}:automation-execution/*` },
    };
    const role = await createRole(MEMBER, trust({ Service: 'ssm.amazonaws.com' }, condition));
    const sourceArn = `arn:aws:ssm:${region}:${MEMBER}:automation-execution/1`;
    await expect(
      gateway.assumeAsService(role, 'ssm.amazonaws.com', { sourceAccount: MEMBER, sourceArn }),
    ).resolves.toHaveProperty('accessKeyId');
    await expect(
      gateway.assumeAsService(role, 'ssm.amazonaws.com', { sourceAccount: STRANGER, sourceArn }),
    ).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(
      gateway.assumeAsService(role, 'lambda.amazonaws.com', { sourceAccount: MEMBER, sourceArn }),
    ).rejects.toMatchObject({ code: 'AccessDenied' });
  });
});

describe('authorization', () => {
  test('inline and attached policies allow, and a change applies to the next call', async () => {
    const Bucket = await createBucket(MASTER);
    const { arn, credentials } = await execute(MASTER, allow('s3:GetBucketVersioning'));
    const s3 = new S3Client(settings(credentials));
    await s3.send(new GetBucketVersioningCommand({ Bucket }));
    const write = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await expect(s3.send(write)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('no identity-based policy allows the s3:PutBucketVersioning'),
    });

    const iam = new IAMClient(admin(MASTER));
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'write',
        PolicyDocument: policy(allow('s3:PutBucketVersioning', `arn:aws:s3:::${Bucket}`)),
      }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: arn.split('/')[1], PolicyArn: Policy?.Arn }));
    await s3.send(write);
    await expect(s3.send(new GetBucketVersioningCommand({ Bucket }))).resolves.toMatchObject({
      Status: 'Enabled',
    });
  });
  test("a policy that AWS manages is read by the caller's permission alone", async () => {
    const { credentials } = await execute(MASTER, allow('iam:ListEntitiesForPolicy'));
    const list = new ListEntitiesForPolicyCommand({ PolicyArn: 'arn:aws:iam::aws:policy/AWSSupportAccess' });
    await expect(new IAMClient(settings(credentials)).send(list)).resolves.toMatchObject({ PolicyRoles: [] });
  });
  test('a session policy narrows the permissions of a session', async () => {
    const Bucket = await createBucket(MEMBER);
    const { arn, credentials } = await execute(MASTER, allow('sts:AssumeRole'));
    const role = await createRole(MEMBER, trust({ AWS: arn }), allow('s3:*'));
    const s3 = new S3Client(
      settings(await assume(credentials, role, { Policy: policy(allow('s3:GetBucketVersioning')) })),
    );
    await s3.send(new GetBucketVersioningCommand({ Bucket }));
    const write = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await expect(s3.send(write)).rejects.toMatchObject({
      message: expect.stringContaining('no session policy allows the s3:PutBucketVersioning'),
    });
  });
  test('a call of a further REST service is authorized on the resource that it names', async () => {
    const { credentials } = await execute(
      MEMBER,
      allow('access-analyzer:CreateAnalyzer', `arn:aws:access-analyzer:${region}:${MEMBER}:analyzer/mine`),
      allow(['apigateway:POST', 'apigateway:GET'], `arn:aws:apigateway:${region}::/apis`),
    );
    const analyzers = new AccessAnalyzerClient(settings(credentials));
    const create = async (analyzerName: string) =>
      analyzers.send(new CreateAnalyzerCommand({ analyzerName, type: 'ACCOUNT_UNUSED_ACCESS' }));
    expect((await create('mine')).arn).toContain('analyzer/mine');
    await expect(create('other')).rejects.toMatchObject({ name: 'AccessDeniedException' });

    const apis = new ApiGatewayV2Client(settings(credentials));
    const { ApiId } = await apis.send(new CreateApiCommand({ Name: 'api', ProtocolType: 'HTTP' }));
    expect((await apis.send(new GetApisCommand({}))).Items).toHaveLength(1);
    await expect(apis.send(new GetStagesCommand({ ApiId }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `apigateway:GET on resource: arn:aws:apigateway:${region}::/apis/${ApiId}/stages`,
      ),
    });
    await expect(
      new CloudFrontClient(settings(credentials)).send(new ListDistributionsCommand({})),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });
  test('a caller that attaches an instance profile must be allowed to pass the role in it, and no other', async () => {
    const iam = new IAMClient(admin(MEMBER));
    const profileWith = async (InstanceProfileName: string) => {
      const role = await createRole(MEMBER, trust({ Service: 'ec2.amazonaws.com' }));
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
      const RoleName = role.split('/')[1];
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
      return role;
    };
    const web = await profileWith('web');
    const other = await profileWith('other');
    const run = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 });
    const { Instances: [instance] = [] } = await new EC2Client(admin(MEMBER)).send(run);
    const { credentials } = await execute(
      MEMBER,
      allow('ec2:AssociateIamInstanceProfile'),
      allow('iam:PassRole', web),
    );
    const attach = async (Name: string) =>
      new EC2Client(settings(credentials)).send(
        new AssociateIamInstanceProfileCommand({
          InstanceId: instance?.InstanceId,
          IamInstanceProfile: { Name },
        }),
      );
    await expect(attach('other')).rejects.toMatchObject({
      message: expect.stringContaining(`iam:PassRole on resource: ${other}`),
    });
    await expect(attach('web')).resolves.toMatchObject({
      IamInstanceProfileAssociation: { InstanceId: instance?.InstanceId },
    });
  });
  test('the error for an operation whose IAM action is unknown names it', async () => {
    const { credentials } = await execute(MASTER, allow('*'));
    await expect(
      new S3Client(settings(credentials)).send(
        new GetBucketAnalyticsConfigurationCommand({ Bucket: 'b', Id: 'i' }),
      ),
    ).rejects.toMatchObject({
      message: expect.stringContaining('the IAM action of s3:GetBucketAnalyticsConfiguration'),
    });
  });
  test('the error for an unsupported condition operator names it', async () => {
    const { credentials } = await execute(MASTER, {
      ...allow('s3:*'),
      Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1' } },
    });
    await expect(new S3Client(settings(credentials)).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining("'IpAddress'"),
    });
  });
  test.for([
    [
      'S3',
      'AccessDenied',
      async (c: Credentials) => new S3Client(settings(c)).send(new ListBucketsCommand({})),
    ],
    [
      'EC2',
      'UnauthorizedOperation',
      async (c: Credentials) => new EC2Client(settings(c)).send(new DescribeVpcsCommand({})),
    ],
    [
      'IAM',
      'AccessDenied',
      async (c: Credentials) => new IAMClient(settings(c)).send(new ListAccessKeysCommand({ UserName: 'x' })),
    ],
    [
      'SNS',
      'AuthorizationErrorException',
      async (c: Credentials) => new SNSClient(settings(c)).send(new ListTopicsCommand({})),
    ],
    [
      'Config',
      'AccessDeniedException',
      async (c: Credentials) =>
        new ConfigServiceClient(settings(c)).send(new PutEvaluationsCommand({ ResultToken: 't' })),
    ],
    [
      'GuardDuty',
      'AccessDeniedException',
      async (c: Credentials) => new GuardDutyClient(settings(c)).send(new ListDetectorsCommand({})),
    ],
  ] as const)('%s denies with the error %s', async ([, name, send]) => {
    const { credentials } = await execute(MASTER);
    await expect(send(credentials)).rejects.toMatchObject({
      name,
      message: expect.stringContaining('is not authorized to perform'),
    });
  });
});

describe('across accounts', () => {
  test('a bucket of another account needs a bucket policy', async () => {
    const Bucket = await createBucket(MEMBER);
    const owner = new S3Client(admin(MEMBER));
    await owner.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text' }));
    const { arn, credentials } = await execute(MASTER, allow('s3:*'));
    const s3 = new S3Client(settings(credentials));
    const read = new GetObjectCommand({ Bucket, Key: 'k' });
    await expect(s3.send(read)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('resource-based policy'),
    });

    const Policy = policy({ ...allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`), Principal: { AWS: arn } });
    await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await expect((await s3.send(read)).Body?.transformToString()).resolves.toBe('text');
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
  test('a deny without TLS stays in the policy and does not deny calls with TLS', async () => {
    const Bucket = await createBucket(MEMBER);
    const s3 = new S3Client(admin(MEMBER));
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` };
    const Policy = policy({ ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text' }));
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).resolves.toMatchObject({ Policy });
  });
  test('a function can be invoked by the principals in its policy', async () => {
    const lambda = new LambdaClient(admin(MASTER));
    const Role = await createRole(MASTER, trust({ Service: 'lambda.amazonaws.com' }));
    const { FunctionArn = '' } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'f',
        Role,
        Runtime: 'nodejs22.x',
        Handler: 'i.h',
        Code: { ZipFile: EMPTY_ZIP },
      }),
    );
    await lambda.send(
      new CreateAliasCommand({ FunctionName: 'f', Name: 'operator', FunctionVersion: '$LATEST' }),
    );
    const Action = 'lambda:InvokeFunction';
    const config = { service: 'config.amazonaws.com', sourceAccount: MEMBER };
    await expect(gateway.authorizeInvoke(FunctionArn, config)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 'c',
        Action,
        Principal: 'config.amazonaws.com',
        SourceAccount: MEMBER,
      }),
    );
    await expect(gateway.authorizeInvoke(FunctionArn, config)).resolves.toBeUndefined();
    await expect(
      gateway.authorizeInvoke(FunctionArn, { ...config, sourceAccount: STRANGER }),
    ).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await expect(gateway.authorizeInvoke(`${FunctionArn}:operator`, config)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });

    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 'o',
        Action,
        Principal: '*',
        PrincipalOrgID: 'o-local',
      }),
    );
    const by = (accountId: string) =>
      ({ type: 'admin', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId }) as const;
    await expect(gateway.authorizeInvoke(FunctionArn, by(MEMBER))).resolves.toBeUndefined();
    await expect(gateway.authorizeInvoke(FunctionArn, by(STRANGER))).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await expect(gateway.authorizeInvoke(`${FunctionArn}:operator`, by(MASTER))).resolves.toBeUndefined();
    await expect(gateway.authorizeInvoke(`${FunctionArn}:operator`, by(MEMBER))).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await expect(
      new LambdaClient(admin(MASTER)).send(new GetFunctionCommand({ FunctionName: 'f' })),
    ).resolves.toHaveProperty('Configuration');
  });
});

describe('options of the gateway', () => {
  test('a handler answers in place of the emulator, with dates', async () => {
    const { credentials } = await execute(MEMBER, allow('config:PutEvaluations'));
    const reply = await new ConfigServiceClient(settings(credentials)).send(
      new PutEvaluationsCommand({ ResultToken: 't' }),
    );
    expect(reply.FailedEvaluations).toEqual([{ Annotation: MEMBER, OrderingTimestamp: new Date(1000) }]);
  });
  test('every completed call is passed to onCompleted and counted', async () => {
    const { credentials } = await execute(MEMBER, allow('ec2:DescribeVpcs'));
    const before = gateway.calls.totals()['ec2:DescribeVpcs'] ?? 0;
    await new EC2Client(settings(credentials)).send(new DescribeVpcsCommand({}));
    expect(completed).toContain('ec2:DescribeVpcs 200');
    expect(gateway.calls.totals()['ec2:DescribeVpcs']).toBe(before + 1);
    expect(gateway.calls.latest().at(-1)).toMatchObject({
      accountId: MEMBER,
      region,
      status: 200,
      principalArn: expect.stringContaining('assumed-role'),
    });
  });
  test.for([
    ['S3', 'SlowDown', async () => new S3Client(admin(MASTER)).send(new ListBucketsCommand({}))],
    [
      'EC2',
      'RequestLimitExceeded',
      async () => new EC2Client(admin(MASTER)).send(new DescribeVpcsCommand({})),
    ],
    ['STS', 'Throttling', async () => new STSClient(admin(MASTER)).send(new GetCallerIdentityCommand({}))],
    [
      'Config',
      'ThrottlingException',
      async () =>
        new ConfigServiceClient(admin(MASTER)).send(new PutEvaluationsCommand({ ResultToken: 't' })),
    ],
    [
      'Lambda',
      'TooManyRequestsException',
      async () => new LambdaClient(admin(MASTER)).send(new GetFunctionCommand({ FunctionName: 'f' })),
    ],
  ] as const)('throttling by %s has the error %s', async ([, name, send]) => {
    fault = () => 'throttle';
    try {
      await expect(send()).rejects.toMatchObject({ name });
    } finally {
      fault = undefined;
    }
  });
  test('a client retries a throttled call', async () => {
    let attempts = 0;
    fault = () => ((attempts += 1) === 1 ? 'throttle' : undefined);
    try {
      const ec2 = new EC2Client({ ...admin(MASTER), maxAttempts: 2 });
      await expect(ec2.send(new DescribeVpcsCommand({}))).resolves.toHaveProperty('Vpcs');
      expect(attempts).toBe(2);
    } finally {
      fault = undefined;
    }
  });
  test('a call that hangs ends with the timeout of its client', async () => {
    fault = () => 'hang';
    try {
      const s3 = new S3Client({
        ...admin(MASTER),
        requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
      });
      await expect(s3.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
    } finally {
      fault = undefined;
    }
  });
});

describe('workarounds for the emulator', () => {
  test('StartLogging accepts the ARN of a trail', async () => {
    const cloudTrail = new CloudTrailClient(admin(MASTER));
    const { TrailARN } = await cloudTrail.send(
      new CreateTrailCommand({ Name: 'trail', S3BucketName: await createBucket(MASTER) }),
    );
    await cloudTrail.send(new StartLoggingCommand({ Name: TrailARN }));
    await expect(cloudTrail.send(new GetTrailStatusCommand({ Name: TrailARN }))).resolves.toMatchObject({
      IsLogging: true,
    });
  });
  test('ageAccessKey changes the key list and the credential report, which has a root row', async () => {
    const iam = new IAMClient(admin(MEMBER));
    await iam.send(new CreateUserCommand({ UserName: 'ann,b' }));
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ann,b' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann,b' }));
    const createdAt = new Date('2024-01-02T03:04:05Z');
    gateway.ageAccessKey(MEMBER, AccessKey?.AccessKeyId ?? '', createdAt);
    gateway.amendCredentialReport(MEMBER, '<root_account>', { mfa_active: 'true' });

    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'ann,b' }));
    expect(AccessKeyMetadata?.map(({ CreateDate }) => CreateDate?.getTime() === createdAt.getTime())).toEqual(
      [false, true],
    );

    await iam.send(new GenerateCredentialReportCommand({}));
    const { Content } = await iam.send(new GetCredentialReportCommand({}));
    const rows: Record<string, string>[] = parse(Buffer.from(Content ?? []), { columns: true });
    const row = (user: string) => rows.find((found) => found['user'] === user) ?? {};
    expect(row('ann,b')).toMatchObject({
      access_key_2_last_rotated: '2024-01-02T03:04:05+00:00',
      password_last_used: 'N/A',
    });
    expect(row('ann,b')['access_key_1_last_rotated']).not.toBe('2024-01-02T03:04:05+00:00');
    expect(row('<root_account>')).toMatchObject({
      arn: `arn:aws:iam::${MEMBER}:root`,
      mfa_active: 'true',
      password_enabled: 'not_supported',
    });
  });
  test('calls of a REST JSON service are forwarded', async () => {
    const { DetectorId } = await new GuardDutyClient(admin(MEMBER)).send(
      new CreateDetectorCommand({ Enable: true }),
    );
    await expect(
      new GuardDutyClient(admin(MEMBER)).send(new ListDetectorsCommand({})),
    ).resolves.toMatchObject({ DetectorIds: [DetectorId] });
  });
});

/** An empty zip: only the end record. */
const EMPTY_ZIP = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');
