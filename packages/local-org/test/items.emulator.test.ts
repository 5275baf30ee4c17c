import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand,
  DeleteStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  GetResourceConfigHistoryCommand,
  ListDiscoveredResourcesCommand,
  PutConfigRuleCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  EC2Client,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateFileSystemCommand, DeleteFileSystemCommand, EFSClient } from '@aws-sdk/client-efs';
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type ConfigurationItem, type LocalOrg, startLocalOrg } from '../src/index.ts';

let org: LocalOrg;
let master: string;
let recorded: (ConfigurationItem & { readonly in: string })[] = [];

beforeAll(async () => {
  org = await startLocalOrg({ homeRegion: 'eu-west-1', regions: ['eu-west-1', 'us-east-1'], members: [] });
  master = org.organization.master.id;
  org.on((event) => {
    if (event.type === 'ItemRecorded') recorded.push({ ...event.item, in: event.place.region });
  });
});
afterEach(() => {
  recorded = [];
});
afterAll(async () => {
  await org.stop();
});
const client: LocalOrg['client'] = (clientClass, accountId, region) =>
  org.client(clientClass, accountId, region);

/** In an order that does not depend on which read answers first. */
const byType = (items: readonly ConfigurationItem[]) =>
  items.toSorted((a, b) => (a.resourceType < b.resourceType ? -1 : 1));

describe('configuration items', () => {
  test('the item of a new bucket has versioning Off and no public access block', async () => {
    await client(S3Client, master, 'us-east-1').send(new CreateBucketCommand({ Bucket: 'items' }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      {
        in: 'us-east-1',
        configurationItemStatus: 'ResourceDiscovered',
        ARN: 'arn:aws:s3:::items',
        awsRegion: 'us-east-1',
        supplementaryConfiguration: {
          AccessControlList: expect.stringMatching(/^\{"grantSet":null/),
          BucketVersioningConfiguration: { status: 'Off', isMfaDeleteEnabled: null },
          BucketPolicy: { policyText: null },
        },
      },
    ]);
    expect(recorded[0]?.supplementaryConfiguration).not.toHaveProperty('PublicAccessBlockConfiguration');
  });
  test('a bucket is recorded in its own Region, whatever the Region of the call', async () => {
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    await client(S3Client, master).send(
      new PutPublicAccessBlockCommand({ Bucket: 'items', PublicAccessBlockConfiguration }),
    );
    await org.whenIdle();
    expect(recorded).toMatchObject([
      {
        in: 'us-east-1',
        supplementaryConfiguration: { PublicAccessBlockConfiguration: { blockPublicAcls: true } },
      },
    ]);
  });
  test('the item of a bucket has the policy as it was put', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::with-a-policy', 'arn:aws:s3:::with-a-policy/*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
    const s3 = client(S3Client, master, 'us-east-1');
    await s3.send(new CreateBucketCommand({ Bucket: 'with-a-policy' }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'with-a-policy', Policy }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      { supplementaryConfiguration: { BucketPolicy: { policyText: Policy } } },
    ]);
  });
  test('what a VPC comes with is recorded with the creation and deletion of the VPC', async () => {
    const ec2 = client(EC2Client, master);
    const { Vpc: made } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
    await org.whenIdle();
    expect(byType(recorded)).toMatchObject([
      {
        resourceType: 'AWS::EC2::NetworkAcl',
        configuration: {
          isDefault: true,
          entries: expect.arrayContaining([
            expect.objectContaining({
              cidrBlock: '0.0.0.0/0',
              egress: false,
              protocol: '-1',
              ruleAction: 'allow',
              ruleNumber: 100,
            }),
          ]),
        },
      },
      {
        resourceType: 'AWS::EC2::RouteTable',
        configuration: {
          associations: [{ main: true }],
          routes: [{ destinationCidrBlock: '10.9.0.0/16', gatewayId: 'local', state: 'active' }],
        },
      },
      {
        resourceType: 'AWS::EC2::SecurityGroup',
        configuration: { groupName: 'default', vpcId: made?.VpcId },
      },
      {
        resourceType: 'AWS::EC2::VPC',
        resourceId: made?.VpcId,
        configuration: { isDefault: false, state: { value: 'available' } },
      },
    ]);
    const group = recorded.find(({ resourceType }) => resourceType === 'AWS::EC2::SecurityGroup');
    const open = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: group?.resourceId, IpPermissions: [open] }),
    );
    await org.whenIdle();
    expect(recorded.at(-1)?.configuration).toMatchObject({
      ipPermissions: [
        { ipProtocol: '-1' },
        { fromPort: 22, ipRanges: ['0.0.0.0/0'], ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }] },
      ],
    });
    await ec2.send(new DeleteVpcCommand({ VpcId: made?.VpcId }));
    await org.whenIdle();
    const deleted = { configurationItemStatus: 'ResourceDeleted', configuration: null, tags: {} };
    expect(recorded.slice(-4)).toMatchObject([deleted, deleted, deleted, deleted]);
  });
  test('an instance is recorded when it starts, and again when its metadata options change', async () => {
    const ec2 = client(EC2Client, master);
    const { Instances: [made] = [] } = await ec2.send(
      new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }),
    );
    await org.whenIdle();
    await ec2.send(
      new ModifyInstanceMetadataOptionsCommand({ InstanceId: made?.InstanceId, HttpTokens: 'required' }),
    );
    await org.whenIdle();
    expect(recorded).toMatchObject(
      ['optional', 'required'].map((httpTokens) => ({
        resourceType: 'AWS::EC2::Instance',
        resourceId: made?.InstanceId,
        configuration: {
          state: { name: 'running' },
          iamInstanceProfile: null,
          metadataOptions: { httpTokens, httpEndpoint: 'enabled', state: 'applied' },
        },
      })),
    );
  });
  test('a user is recorded as global in the home Region only; its item has no access keys', async () => {
    const iam = client(IAMClient, master, 'us-east-1');
    const { User: alice } = await iam.send(new CreateUserCommand({ UserName: 'alice' }));
    await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
    await org.whenIdle();
    await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      { in: 'eu-west-1', awsRegion: 'global', resourceId: alice?.UserId, resourceName: 'alice' },
    ]);
  });
  test('a policy is recorded with its documents, and again when it is attached', async () => {
    const iam = client(IAMClient, master, 'us-east-1');
    const Statement = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'mine', PolicyDocument }));
    await org.whenIdle();
    await iam.send(new AttachUserPolicyCommand({ UserName: 'alice', PolicyArn: Policy?.Arn }));
    await org.whenIdle();
    const policies = recorded.filter(({ resourceType }) => resourceType === 'AWS::IAM::Policy');
    const policyVersionList = [{ isDefaultVersion: true, document: expect.stringMatching(/^%7B/) }];
    expect(policies).toMatchObject([
      { awsRegion: 'global', resourceId: Policy?.PolicyId, configuration: { attachmentCount: 0 } },
      { resourceName: 'mine', ARN: Policy?.Arn, configuration: { attachmentCount: 1, policyVersionList } },
    ]);
  });
  test('a key is recorded with its policy as text, and again when the policy changes', async () => {
    const kms = client(KMSClient, master);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await org.whenIdle();
    const KeyId = KeyMetadata?.KeyId;
    const Statement = { Effect: 'Allow', Principal: { AWS: master }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      { resourceId: KeyId, configuration: { keyManager: 'CUSTOMER', keyState: 'Enabled' } },
      { ARN: KeyMetadata?.Arn, supplementaryConfiguration: { KeyRotationStatus: false, Policy } },
    ]);
  });
  test('the id of a trail is its name; its item does not show whether it logs', async () => {
    const cloudTrail = client(CloudTrailClient, master);
    await client(S3Client, master).send(
      new CreateBucketCommand({
        Bucket: 'trail-logs',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    await cloudTrail.send(new CreateTrailCommand({ Name: 'main', S3BucketName: 'trail-logs' }));
    await org.whenIdle();
    recorded = recorded.filter(({ resourceType }) => resourceType === 'AWS::CloudTrail::Trail');
    await cloudTrail.send(new StartLoggingCommand({ Name: 'main' }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      { resourceId: 'main', configuration: { homeRegion: 'eu-west-1', isMultiRegionTrail: false } },
    ]);
  });
  test('a load balancer is recorded with its attributes, and again when one changes', async () => {
    const ec2 = client(EC2Client, master);
    const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }));
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: vpc?.VpcId, CidrBlock: '10.8.0.0/24' }),
    );
    const elb = client(ElasticLoadBalancingV2Client, master);
    const { LoadBalancers: [made] = [] } = await elb.send(
      new CreateLoadBalancerCommand({ Name: 'edge', Type: 'network', Subnets: [subnet?.SubnetId ?? ''] }),
    );
    await org.whenIdle();
    const logs = { Key: 'access_logs.s3.enabled', Value: 'true' };
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: made?.LoadBalancerArn, Attributes: [logs] }),
    );
    await org.whenIdle();
    expect(made?.LoadBalancerArn).toMatch(/:loadbalancer\/net\/edge\//);
    expect(recorded.at(-1)).toMatchObject({
      resourceId: made?.LoadBalancerArn,
      resourceName: 'edge',
      configuration: { type: 'network', vpcId: vpc?.VpcId },
      supplementaryConfiguration: {
        LoadBalancerAttributes: expect.arrayContaining([{ key: 'access_logs.s3.enabled', value: 'true' }]),
      },
    });
  });
  test('the id of a stage of either version of API Gateway is its ARN', async () => {
    const rest = client(APIGatewayClient, master);
    const { id: restApiId = '' } = await rest.send(new CreateRestApiCommand({ name: 'orders' }));
    const { items: [root] = [] } = await rest.send(new GetResourcesCommand({ restApiId }));
    const method = { restApiId, resourceId: root?.id, httpMethod: 'GET' };
    await rest.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
    await rest.send(new PutIntegrationCommand({ ...method, type: 'MOCK' }));
    await rest.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
    const http = client(ApiGatewayV2Client, master);
    const { ApiId = '' } = await http.send(new CreateApiCommand({ Name: 'orders', ProtocolType: 'HTTP' }));
    await http.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    await org.whenIdle();
    await http.send(new DeleteStageCommand({ ApiId, StageName: '$default' }));
    await org.whenIdle();
    const arn = `arn:aws:apigateway:eu-west-1::/apis/${ApiId}/stages/$default`;
    expect(recorded).toMatchObject([
      {
        resourceType: 'AWS::ApiGateway::Stage',
        resourceId: `arn:aws:apigateway:eu-west-1::/restapis/${restApiId}/stages/prod`,
        resourceName: 'prod',
      },
      { resourceId: arn, resourceName: '$default', configuration: { autoDeploy: true } },
      { resourceId: arn, configurationItemStatus: 'ResourceDeleted' },
    ]);
  });
  test('a database is recorded under its resource id, with what waits for the maintenance window', async () => {
    const rds = client(RDSClient, master);
    const credentials = { MasterUsername: 'admin', MasterUserPassword: 'not-a-secret' };
    const Engine = 'aurora-mysql';
    await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier: 'shop', Engine, ...credentials }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      {
        resourceType: 'AWS::RDS::DBCluster',
        resourceId: expect.stringMatching(/^cluster-/),
        resourceName: 'shop',
        configuration: { dbclusterIdentifier: 'shop', dbclusterMembers: [], multiAZ: false },
      },
    ]);
    const { DBInstance: made } = await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'orders',
        Engine: 'mysql',
        DBInstanceClass: 'db.t4g.micro',
        ...credentials,
      }),
    );
    await org.whenIdle();
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'orders', MultiAZ: true }));
    await org.whenIdle();
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true }));
    await org.whenIdle();
    const orders = { resourceType: 'AWS::RDS::DBInstance', resourceId: made?.DbiResourceId };
    expect(recorded.slice(1)).toMatchObject([
      {
        ...orders,
        resourceName: 'orders',
        configuration: { dBInstanceIdentifier: 'orders', multiAZ: false },
      },
      { ...orders, configuration: { multiAZ: false, pendingModifiedValues: { multiAZ: true } } },
      { ...orders, configurationItemStatus: 'ResourceDeleted' },
    ]);
  });
  test('two Regions have a database of one name each', async () => {
    const input = {
      DBInstanceIdentifier: 'twin',
      Engine: 'mysql',
      DBInstanceClass: 'db.t4g.micro',
      MasterUsername: 'admin',
      MasterUserPassword: 'not-a-secret',
    };
    for (const region of ['eu-west-1', 'us-east-1'])
      await client(RDSClient, master, region).send(new CreateDBInstanceCommand(input));
    await org.whenIdle();
    const twins = recorded.filter(({ resourceName }) => resourceName === 'twin');
    expect(twins.map((item) => item.in).toSorted()).toEqual(['eu-west-1', 'us-east-1']);
    await client(RDSClient, master, 'us-east-1').send(
      new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'twin', SkipFinalSnapshot: true }),
    );
    await org.whenIdle();
    expect(
      recorded
        .filter(({ configurationItemStatus }) => configurationItemStatus === 'ResourceDeleted')
        .map(({ in: region, resourceName }) => ({ region, resourceName })),
    ).toEqual([{ region: 'us-east-1', resourceName: 'twin' }]);
  });
  test('the item of a file system has the names of CloudFormation', async () => {
    const efs = client(EFSClient, master);
    const { FileSystemId } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'files' }));
    await org.whenIdle();
    expect(recorded).toMatchObject([
      {
        resourceType: 'AWS::EFS::FileSystem',
        resourceId: FileSystemId,
        configuration: { Encrypted: false, FileSystemId, BackupPolicy: { Status: 'DISABLED' } },
      },
    ]);
    await efs.send(new DeleteFileSystemCommand({ FileSystemId }));
    await org.whenIdle();
    expect(recorded.at(-1)).toMatchObject({ configurationItemStatus: 'ResourceDeleted' });
  });
  test('a key is recorded with its rotation', async () => {
    const kms = client(KMSClient, master);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await org.whenIdle();
    await kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.Arn }));
    await org.whenIdle();
    const configuration = {
      keyManager: 'CUSTOMER',
      keySpec: 'SYMMETRIC_DEFAULT',
      awsaccountId: master,
      multiRegion: false,
    };
    expect(recorded).toMatchObject([
      {
        resourceId: KeyMetadata?.KeyId,
        configuration,
        supplementaryConfiguration: { KeyRotationStatus: false },
      },
      { ARN: KeyMetadata?.Arn, supplementaryConfiguration: { KeyRotationStatus: true } },
    ]);
  });
});

test('a replica of a key is recorded in its own Region, under the id of its primary key', async () => {
  const { KeyMetadata } = await client(KMSClient, master).send(new CreateKeyCommand({ MultiRegion: true }));
  await org.whenIdle();
  const KeyId = KeyMetadata?.KeyId;
  await client(KMSClient, master).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-east-1' }));
  await org.whenIdle();
  const recordedAs = (multiRegionKeyType: string) => ({
    resourceId: KeyId,
    configuration: { multiRegionConfiguration: { multiRegionKeyType } },
  });
  expect(recorded).toMatchObject([
    { in: 'eu-west-1', ...recordedAs('PRIMARY') },
    { in: 'us-east-1', ...recordedAs('REPLICA') },
  ]);
});

describe('the API form', () => {
  test('GetResourceConfigHistory returns the API form of items, newest first', async () => {
    const request = { resourceType: 'AWS::S3::Bucket', resourceId: 'items' } as const;
    const { configurationItems: items = [] } = await client(ConfigServiceClient, master, 'us-east-1').send(
      new GetResourceConfigHistoryCommand(request),
    );
    expect(items).toMatchObject([
      {
        accountId: master,
        arn: 'arn:aws:s3:::items',
        version: '1.3',
        configurationStateId: expect.any(String),
      },
      { configurationItemStatus: 'ResourceDiscovered' },
    ]);
    const acl: unknown = JSON.parse(items[0]?.supplementaryConfiguration?.['AccessControlList'] ?? '');
    expect(acl).toEqual(expect.stringMatching(/^\{"grantSet":null/));
  });
  test('GetResourceConfigHistory fails for a resource that was never recorded', async () => {
    const request = new GetResourceConfigHistoryCommand({
      resourceType: 'AWS::S3::Bucket',
      resourceId: 'nope',
    });
    await expect(client(ConfigServiceClient, master).send(request)).rejects.toMatchObject({
      name: 'ResourceNotDiscoveredException',
    });
  });
  test('resources that are older than the recorder are discovered', async () => {
    const request = new ListDiscoveredResourcesCommand({ resourceType: 'AWS::EC2::VPC' });
    const { resourceIdentifiers: vpcs } = await client(ConfigServiceClient, master).send(request);
    expect(vpcs).toHaveLength(2);
  });
});

test('a periodic rule is notified when it is created and by sendScheduled', async () => {
  const code = zipSync({ 'index.mjs': strToU8('export const handler = async () => undefined;') });
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await client(IAMClient, master).send(
    new CreateRoleCommand({
      RoleName: 'quiet',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  const lambda = client(LambdaClient, master);
  const { FunctionArn: functionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'quiet',
      Role: `arn:aws:iam::${master}:role/quiet`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: code },
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'quiet',
      StatementId: 'config',
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
      SourceAccount: master,
    }),
  );
  const periodic = { EventSource: 'aws.config', MessageType: 'ScheduledNotification' } as const;
  const Source = { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: functionArn } as const;
  await client(ConfigServiceClient, master).send(
    new PutConfigRuleCommand({
      ConfigRule: { ConfigRuleName: 'periodic', Source: { ...Source, SourceDetails: [periodic] } },
    }),
  );
  await org.whenIdle();
  org.sendScheduled({ ruleName: 'periodic' });
  await org.whenIdle();
  const event = {
    configRuleName: 'periodic',
    ruleParameters: '',
    invokingEvent: expect.stringContaining('"messageType":"ScheduledNotification"'),
  };
  expect(org.invocations()).toMatchObject([{ event }, { event }]);
});

test('without a running recorder nothing is recorded', async () => {
  await client(ConfigServiceClient, master).send(
    new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }),
  );
  await client(EC2Client, master).send(new CreateVpcCommand({ CidrBlock: '10.10.0.0/16' }));
  await org.whenIdle();
  expect(recorded).toEqual([]);
});
