import {
  AccessAnalyzerClient,
  CreateAnalyzerCommand,
  DeleteAnalyzerCommand,
  GetAnalyzerCommand,
  ListAnalyzersCommand,
} from '@aws-sdk/client-accessanalyzer';
import {
  AccountClient,
  GetContactInformationCommand,
  PutContactInformationCommand,
} from '@aws-sdk/client-account';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand,
  DeleteAccessLogSettingsCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  CloudTrailClient,
  DeregisterOrganizationDelegatedAdminCommand,
  RegisterOrganizationDelegatedAdminCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  DescribeConfigurationRecorderStatusCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import {
  CreateVpcEndpointCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetEbsDefaultKmsKeyIdCommand,
  GetInstanceMetadataDefaultsCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ModifyInstanceMetadataDefaultsCommand,
  ModifyInstanceMetadataOptionsCommand,
  ResetEbsDefaultKmsKeyIdCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteLoginProfileCommand,
  DisableOrganizationsRootSessionsCommand,
  EnableMFADeviceCommand,
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  GenerateCredentialReportCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListOrganizationsFeaturesCommand,
  ListPoliciesCommand,
  ListServerCertificatesCommand,
  ListVirtualMFADevicesCommand,
  UploadServerCertificateCommand,
} from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import {
  DisableMacieCommand,
  EnableMacieCommand,
  GetAutomatedDiscoveryConfigurationCommand,
  GetMacieSessionCommand,
  Macie2Client,
  UpdateAutomatedDiscoveryConfigurationCommand,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2';
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  DeleteResourcePolicyCommand,
  DescribeResourcePolicyCommand,
  EnableAWSServiceAccessCommand,
  ListDelegatedAdministratorsCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-organizations';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  BatchDisableStandardsCommand,
  BatchEnableStandardsCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { randomInt } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Place } from '../src/base/place.ts';
import { createEmulatorClients } from '../src/emulator/clients.ts';
import { startEmulator } from '../src/emulator/start-emulator.ts';

// What the emulator adds to moto, as the SDK sees it. All tests of a run share the emulator; each has an account.
const clients = createEmulatorClients(inject('emulator'));
const freshAccount = (): Place => ({ accountId: String(randomInt(1e11, 1e12 - 1)), region: 'eu-west-1' });
const named = (name: string) => ({ name });

test('the primary contact of an account is replaced as a whole, and needs its required fields', async () => {
  const account = clients(AccountClient, freshAccount());
  const contact = {
    FullName: 'Jane Doe',
    AddressLine1: '1 Main Street',
    City: 'Seattle',
    PostalCode: '98101',
    CountryCode: 'US',
    PhoneNumber: '+15555550100',
  };
  const put = async (ContactInformation: typeof contact & { CompanyName?: string }) =>
    account.send(new PutContactInformationCommand({ ContactInformation }));
  const get = async () => (await account.send(new GetContactInformationCommand({}))).ContactInformation;
  await expect(get()).rejects.toMatchObject(named('ResourceNotFoundException'));
  await put({ ...contact, CompanyName: 'Example' });
  await put(contact);
  expect(await get()).toEqual(contact);
  await expect(put({ ...contact, City: '' })).rejects.toMatchObject(named('ValidationException'));
});

test('the credential report starts with root and quotes a name with a comma', async () => {
  const place = freshAccount();
  const iam = clients(IAMClient, place);
  await iam.send(new CreateUserCommand({ UserName: 'a,b' }));
  await iam.send(new GenerateCredentialReportCommand({}));
  const { Content, GeneratedTime } = await iam.send(new GetCredentialReportCommand({}));
  const [, root, user] = Buffer.from(Content ?? [])
    .toString()
    .split('\n');
  const arn = `arn:aws:iam::${place.accountId}`;
  expect(root).toMatch(
    new RegExp(
      `^<root_account>,${arn}:root,.*,not_supported,no_information,not_supported,not_supported,false,`,
    ),
  );
  expect(user).toMatch(new RegExp(`^"a,b","${arn}:user/a,b",[^,]+,false,N/A,N/A,N/A,false,false,N/A,`));
  expect(Date.now() - (GeneratedTime?.getTime() ?? 0)).toBeLessThan(60_000);
});

test('an account has a root password until it is deleted', async () => {
  const iam = clients(IAMClient, freshAccount());
  const present = async () =>
    (await iam.send(new GetAccountSummaryCommand({}))).SummaryMap?.AccountPasswordPresent;
  expect(await present()).toBe(1);
  await iam.send(new DeleteLoginProfileCommand({}));
  expect(await present()).toBe(0);
  await expect(iam.send(new DeleteLoginProfileCommand({}))).rejects.toMatchObject(
    named('NoSuchEntityException'),
  );
  await iam.send(new CreateLoginProfileCommand({}));
  expect(await present()).toBe(1);
});

test('the details of an account name its policies and their ids', async () => {
  const iam = clients(IAMClient, freshAccount());
  const Statement = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'mine', PolicyDocument }));
  const { Policies } = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'] }),
  );
  expect(Policies).toMatchObject([{ PolicyName: 'mine', PolicyId: Policy?.PolicyId }]);
});

test('without the name of a user, an access key and an MFA device are those of root', async () => {
  const place = freshAccount();
  const iam = clients(IAMClient, place);
  const summary = async () => {
    const { SummaryMap = {} } = await iam.send(new GetAccountSummaryCommand({}));
    return [SummaryMap.AccountAccessKeysPresent, SummaryMap.AccountMFAEnabled];
  };
  const enable = async (SerialNumber: string | undefined, UserName?: string) =>
    iam.send(
      new EnableMFADeviceCommand({
        UserName,
        SerialNumber,
        AuthenticationCode1: '123456',
        AuthenticationCode2: '123456',
      }),
    );
  const virtualDevice = async (VirtualMFADeviceName: string) =>
    (await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName }))).VirtualMFADevice
      ?.SerialNumber;
  await iam.send(new CreateUserCommand({ UserName: 'chroot' }));
  await iam.send(new CreateAccessKeyCommand({ UserName: 'chroot' }));
  await enable(await virtualDevice('of-chroot'), 'chroot');
  expect(await summary()).toEqual([0, 0]);
  await iam.send(new CreateAccessKeyCommand({}));
  expect(await summary()).toEqual([1, 0]);
  await enable('hardware-1');
  await enable(await virtualDevice('any-name'));
  expect(await summary()).toEqual([1, 1]);
  const { VirtualMFADevices = [] } = await iam.send(
    new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }),
  );
  expect(VirtualMFADevices.map(({ User }) => User?.Arn)).toEqual([
    `arn:aws:iam::${place.accountId}:user/chroot`,
    `arn:aws:iam::${place.accountId}:root`,
  ]);
});

const VALID_UNTIL_2040 = `-----BEGIN CERTIFICATE-----
MIIBGDCBv6ADAgECAgEBMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC2V4YW1wbGUu
Y29tMB4XDTIwMDEwMTAwMDAwMFoXDTQwMDEwMTAwMDAwMFowFjEUMBIGA1UEAwwL
ZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARLd8hcmafc0oZG
UgrvmOE0VhTZNdWeBX+x9LtiSB0Wz3f8e72MbpFaVG77EJ4SxUvKnX5/J3Kaq82I
6kvi/sbzMAoGCCqGSM49BAMCA0gAMEUCIQD0v0I/MrPb35UCksfji7UT1sFPGb81
wpKO5pe7MGMWJgIgHt0jIiNApCWM1kM5AViwis855hgwUksOPLZIIpYinYw=
-----END CERTIFICATE-----`;
const EXPIRED_IN_2021 = `-----BEGIN CERTIFICATE-----
MIIBGTCBv6ADAgECAgEBMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC2V4YW1wbGUu
Y29tMB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowFjEUMBIGA1UEAwwL
ZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ97MY4YPf0olyB
araODzVA39GFMyQWOw3czEPQpwvJ5TBABTue+CEalJ8MnZIAoeDD54TBw4/6Yxkj
rPLooHl4MAoGCCqGSM49BAMCA0kAMEYCIQC1qZ/gjeCjKU8DZCY6zltGakXFq9PN
zReepHY5F/LePQIhAPxnbfwb118cYHO3mZ9SjBw7ehFNXlU/U8lwWSN9Afol
-----END CERTIFICATE-----`;

test('a server certificate has an id and dates of its own, and is valid when it is uploaded', async () => {
  const iam = clients(IAMClient, freshAccount());
  const upload = async (ServerCertificateName: string, CertificateBody: string) =>
    iam.send(
      new UploadServerCertificateCommand({
        ServerCertificateName,
        CertificateBody,
        PrivateKey: 'not checked',
      }),
    );
  const uploaded = [await upload('a', VALID_UNTIL_2040), await upload('b', VALID_UNTIL_2040)];
  const { ServerCertificateMetadataList: listed = [] } = await iam.send(
    new ListServerCertificatesCommand({}),
  );
  expect(listed).toEqual(uploaded.map(({ ServerCertificateMetadata }) => ServerCertificateMetadata));
  expect(new Set(listed.map(({ ServerCertificateId }) => ServerCertificateId)).size).toBe(2);
  expect(listed.map(({ Expiration }) => Expiration)).toEqual([
    new Date('2040-01-01'),
    new Date('2040-01-01'),
  ]);
  await expect(upload('c', EXPIRED_IN_2021)).rejects.toMatchObject(named('InvalidCertificateException'));
  await expect(upload('d', 'no certificate')).rejects.toMatchObject(named('MalformedCertificateException'));
});

test('an account has only the managed policies that rules name', async () => {
  const iam = clients(IAMClient, freshAccount());
  const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }));
  expect(Policies.map(({ Arn = '' }) => Arn).toSorted()).toEqual([
    'arn:aws:iam::aws:policy/AWSCloudShellFullAccess',
    'arn:aws:iam::aws:policy/AWSSupportAccess',
    'arn:aws:iam::aws:policy/AdministratorAccess',
    'arn:aws:iam::aws:policy/service-role/AWS_ConfigRole',
  ]);
  const admin = Policies.find(({ PolicyName }) => PolicyName === 'AdministratorAccess');
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn: admin?.Arn, VersionId: admin?.DefaultVersionId }),
  );
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toMatchObject({
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
});

test(
  'an account that another service saw first has the managed policies too',
  { timeout: 60_000 },
  async () => {
    const { url, stop } = await startEmulator();
    onTestFinished(stop);
    const fresh = createEmulatorClients(url);
    const place = freshAccount();
    await fresh(STSClient, place).send(new GetCallerIdentityCommand({}));
    const { Policies } = await fresh(IAMClient, place).send(new ListPoliciesCommand({ Scope: 'AWS' }));
    expect(Policies).toHaveLength(4);
  },
);

test('a bucket is public by its policy, unless a condition with a fixed value restricts it', async () => {
  const s3 = clients(S3Client, freshAccount());
  const Bucket = `bucket-${randomInt(1e9)}`;
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const isPublic = async () =>
    (await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic;
  await expect(isPublic()).rejects.toMatchObject(named('NoSuchBucketPolicy'));
  const put = async (more: object) => {
    const statement = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
      ...more,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    return isPublic();
  };
  expect(await put({ Principal: '*' })).toBe(true);
  expect(await put({ Principal: { AWS: ['*'] } })).toBe(true);
  expect(await put({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } })).toBe(false);
  const when = (Condition: object) => put({ Principal: '*', Condition });
  expect(await when({ StringEquals: { 'aws:PrincipalOrgID': 'o-example123' } })).toBe(false);
  expect(await when({ StringLike: { 'aws:PrincipalOrgID': '*' } })).toBe(true);
  expect(await when({ Bool: { 'aws:SecureTransport': 'true' } })).toBe(true);
});

test('a bucket encrypts with the keys of S3 unless it is told otherwise', async () => {
  const s3 = clients(S3Client, freshAccount());
  const Bucket = `bucket-${randomInt(1e9)}`;
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const algorithm = async () => {
    const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    return answer.ServerSideEncryptionConfiguration?.Rules?.map(
      (rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    );
  };
  expect(await algorithm()).toEqual(['AES256']);
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }];
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  expect(await algorithm()).toEqual(['aws:kms']);
  await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect(await algorithm()).toEqual(['AES256']);
});

test('a deny with a condition stays in the policy of a bucket, and denies nothing by itself', async () => {
  const s3 = clients(S3Client, freshAccount());
  const Bucket = `bucket-${randomInt(1e9)}`;
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` };
  const put = (statement: object) => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    return s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  };
  const write = () => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text' }));
  await put({ ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  await write();
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  expect(Policy).toContain('aws:SecureTransport');
  await put(deny);
  await expect(write()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});

test('a paginated list of buckets names the Region of each', async () => {
  const s3 = clients(S3Client, freshAccount());
  const Bucket = `bucket-${randomInt(1e9)}`;
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const { Buckets } = await s3.send(new ListBucketsCommand({ MaxBuckets: 100 }));
  expect(Buckets).toMatchObject([{ Name: Bucket, BucketRegion: 'eu-west-1' }]);
});

test('MFA delete of a bucket needs a device and is kept', async () => {
  const s3 = clients(S3Client, freshAccount());
  const Bucket = `bucket-${randomInt(1e9)}`;
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const put = async (
    VersioningConfiguration: PutBucketVersioningCommand['input']['VersioningConfiguration'],
    MFA?: string,
  ) => s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration, MFA }));
  const get = async () => s3.send(new GetBucketVersioningCommand({ Bucket }));
  await put({ Status: 'Enabled' });
  expect(await get()).not.toHaveProperty('MFADelete');
  await expect(put({ Status: 'Enabled', MFADelete: 'Enabled' })).rejects.toMatchObject(named('AccessDenied'));
  await put({ Status: 'Enabled', MFADelete: 'Enabled' }, 'arn:aws:iam::111122223333:mfa/root 123456');
  expect(await get()).toMatchObject({ Status: 'Enabled', MFADelete: 'Enabled' });
  await expect(put({ Status: 'Suspended' })).rejects.toMatchObject(named('AccessDenied'));
  const payer = async () => (await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer;
  expect(await payer()).toBe('BucketOwner');
  await s3.send(
    new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer: 'Requester' } }),
  );
  expect(await payer()).toBe('Requester');
});

test('the default security group allows everything from itself', async () => {
  const ec2 = clients(EC2Client, freshAccount());
  const { SecurityGroups: [group] = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  expect(group?.IpPermissions).toEqual([
    expect.objectContaining({
      IpProtocol: '-1',
      UserIdGroupPairs: [expect.objectContaining({ GroupId: group?.GroupId, UserId: group?.OwnerId })],
    }),
  ]);
});

test('metadata options that are not given stay, and an account’s defaults apply at launch', async () => {
  const ec2 = clients(EC2Client, freshAccount());
  await ec2.send(
    new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 }),
  );
  const { AccountLevel } = await ec2.send(new GetInstanceMetadataDefaultsCommand({}));
  expect(AccountLevel).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 });
  const { Instances: [instance] = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }),
  );
  const options = async () => {
    const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance?.InstanceId ?? ''] }));
    return found.Reservations?.[0]?.Instances?.[0]?.MetadataOptions;
  };
  expect(await options()).toMatchObject({
    HttpTokens: 'required',
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: 'enabled',
  });
  const modify = { InstanceId: instance?.InstanceId, HttpEndpoint: 'disabled' } as const;
  await ec2.send(new ModifyInstanceMetadataOptionsCommand(modify));
  expect(await options()).toMatchObject({
    HttpTokens: 'required',
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: 'disabled',
  });
  await ec2.send(
    new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1 }),
  );
  expect((await ec2.send(new GetInstanceMetadataDefaultsCommand({}))).AccountLevel ?? {}).toEqual({});
});

test('the key of EBS encryption is AWS’s until another one is set, and again after a reset', async () => {
  const place = freshAccount();
  const ec2 = clients(EC2Client, place);
  const get = async () => (await ec2.send(new GetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId;
  const ofAws = await get();
  const { KeyMetadata } = await clients(KMSClient, place).send(new CreateKeyCommand({}));
  await ec2.send(new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: KeyMetadata?.KeyId }));
  expect(await get()).toBe(KeyMetadata?.Arn);
  expect((await ec2.send(new ResetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId).toBe(ofAws);
  expect(await get()).toBe(ofAws);
});

test('a VPC endpoint is a gateway unless it says otherwise', async () => {
  const ec2 = clients(EC2Client, freshAccount());
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const ServiceName = 'com.amazonaws.eu-west-1.s3';
  await ec2.send(new CreateVpcEndpointCommand({ VpcId: vpc?.VpcId, ServiceName }));
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  expect(VpcEndpoints.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway']);
});

test('Macie is off until it is enabled, and is paused without being disabled', async () => {
  const macie = clients(Macie2Client, freshAccount());
  const get = async () => macie.send(new GetMacieSessionCommand({}));
  const off = { name: 'AccessDeniedException', message: 'Macie is not enabled' };
  await expect(get()).rejects.toMatchObject(off);
  await expect(macie.send(new UpdateMacieSessionCommand({ status: 'PAUSED' }))).rejects.toMatchObject(off);
  await macie.send(new EnableMacieCommand({}));
  await macie.send(new UpdateMacieSessionCommand({ status: 'PAUSED' }));
  expect(await get()).toMatchObject({ status: 'PAUSED', findingPublishingFrequency: 'FIFTEEN_MINUTES' });
  const discovery = async () => (await macie.send(new GetAutomatedDiscoveryConfigurationCommand({}))).status;
  expect(await discovery()).toBe('ENABLED');
  await macie.send(new UpdateAutomatedDiscoveryConfigurationCommand({ status: 'DISABLED' }));
  expect(await discovery()).toBe('DISABLED');
  await macie.send(new DisableMacieCommand({}));
  await expect(get()).rejects.toMatchObject(off);
});

test('an analyzer is created once, listed by type, and deleted', async () => {
  const place = freshAccount();
  const analyzers = clients(AccessAnalyzerClient, place);
  const create = async (analyzerName: string, type: 'ACCOUNT' | 'ACCOUNT_UNUSED_ACCESS') =>
    analyzers.send(new CreateAnalyzerCommand({ analyzerName, type }));
  const names = async (type?: 'ACCOUNT') =>
    (await analyzers.send(new ListAnalyzersCommand({ type }))).analyzers?.map(({ name }) => name);
  expect(await names()).toEqual([]);
  const { arn } = await create('external', 'ACCOUNT');
  expect(arn).toBe(`arn:aws:access-analyzer:eu-west-1:${place.accountId}:analyzer/external`);
  await create('unused', 'ACCOUNT_UNUSED_ACCESS');
  await expect(create('external', 'ACCOUNT')).rejects.toMatchObject(named('ConflictException'));
  await expect(create('second', 'ACCOUNT')).rejects.toMatchObject(named('ServiceQuotaExceededException'));
  expect(await names()).toEqual(['external', 'unused']);
  expect(await names('ACCOUNT')).toEqual(['external']);
  const get = async () => analyzers.send(new GetAnalyzerCommand({ analyzerName: 'external' }));
  expect((await get()).analyzer).toMatchObject({ arn, status: 'ACTIVE', createdAt: expect.any(Date) });
  await analyzers.send(new DeleteAnalyzerCommand({ analyzerName: 'external' }));
  await expect(get()).rejects.toMatchObject(named('ResourceNotFoundException'));
});

test('Security Hub enables its default standards, and others on demand', async () => {
  const hub = clients(SecurityHubClient, freshAccount());
  const standards = async () =>
    (await hub.send(new GetEnabledStandardsCommand({}))).StandardsSubscriptions ?? [];
  await expect(standards()).rejects.toMatchObject(named('InvalidAccessException'));
  await hub.send(new EnableSecurityHubCommand({}));
  await expect(hub.send(new EnableSecurityHubCommand({}))).rejects.toMatchObject(
    named('ResourceConflictException'),
  );
  expect((await standards()).map(({ StandardsArn }) => StandardsArn)).toEqual([
    'arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0',
    'arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0',
  ]);
  const StandardsArn = 'arn:aws:securityhub:eu-west-1::standards/cis-aws-foundations-benchmark/v/3.0.0';
  const { StandardsSubscriptions: [enabled] = [] } = await hub.send(
    new BatchEnableStandardsCommand({ StandardsSubscriptionRequests: [{ StandardsArn }] }),
  );
  expect(await standards()).toContainEqual(
    expect.objectContaining({ StandardsArn, StandardsStatus: 'READY' }),
  );
  await hub.send(
    new BatchDisableStandardsCommand({
      StandardsSubscriptionArns: [enabled?.StandardsSubscriptionArn ?? ''],
    }),
  );
  expect(await standards()).toHaveLength(2);
});

test('an e-mail subscription is pending until it is confirmed', async () => {
  const sns = clients(SNSClient, freshAccount());
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  const subscribe = async (Protocol: string, Endpoint: string) =>
    (await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))).SubscriptionArn;
  expect(await subscribe('email', 'security@example.com')).toBe('pending confirmation');
  expect(await subscribe('sqs', 'arn:aws:sqs:eu-west-1:111122223333:q')).toMatch(/^arn:/);
  const arns = async () =>
    (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions?.map(
      ({ SubscriptionArn }) => SubscriptionArn,
    );
  const counts = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;
  expect(await arns()).toEqual(['PendingConfirmation', expect.stringMatching(/^arn:/)]);
  expect(await counts()).toMatchObject({ SubscriptionsPending: '1', SubscriptionsConfirmed: '1' });
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'token' }));
  expect(await arns()).toEqual([expect.stringMatching(/^arn:/), expect.stringMatching(/^arn:/)]);
  expect(await counts()).toMatchObject({ SubscriptionsPending: '0', SubscriptionsConfirmed: '2' });
});

test('a symmetric key rotates, an RSA key cannot', async () => {
  const kms = clients(KMSClient, freshAccount());
  const create = async (KeySpec: 'SYMMETRIC_DEFAULT' | 'RSA_2048') => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' }));
    return { KeyId: KeyMetadata?.KeyId };
  };
  const key = await create('SYMMETRIC_DEFAULT');
  const status = async () => kms.send(new GetKeyRotationStatusCommand(key));
  expect(await status()).toMatchObject({ KeyRotationEnabled: false });
  await kms.send(new EnableKeyRotationCommand({ ...key, RotationPeriodInDays: 180 }));
  expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 });
  await kms.send(new DisableKeyRotationCommand(key));
  expect(await status()).not.toHaveProperty('RotationPeriodInDays');
  const rsa = await create('RSA_2048');
  const unsupported = named('UnsupportedOperationException');
  await expect(kms.send(new GetKeyRotationStatusCommand(rsa))).rejects.toMatchObject(unsupported);
  await expect(kms.send(new EnableKeyRotationCommand(rsa))).rejects.toMatchObject(unsupported);
});

test('a replica of a key rotates as its primary key does, which alone can be changed', async () => {
  const account = freshAccount();
  const here = clients(KMSClient, account);
  const there = clients(KMSClient, { ...account, region: 'us-east-1' });
  const { KeyMetadata } = await here.send(new CreateKeyCommand({ MultiRegion: true }));
  const key = { KeyId: KeyMetadata?.KeyId };
  await here.send(new ReplicateKeyCommand({ ...key, ReplicaRegion: 'us-east-1' }));
  await here.send(new EnableKeyRotationCommand(key));
  const types = [here, there].map(async (kms) => {
    const answer = await kms.send(new DescribeKeyCommand(key));
    return answer.KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType;
  });
  expect(await Promise.all(types)).toEqual(['PRIMARY', 'REPLICA']);
  expect(await there.send(new GetKeyRotationStatusCommand(key))).toMatchObject({ KeyRotationEnabled: true });
  await expect(there.send(new DisableKeyRotationCommand(key))).rejects.toMatchObject(
    named('UnsupportedOperationException'),
  );
});

test('a database has an id of its own, and Multi-AZ waits for the window unless it is asked for at once', async () => {
  const rds = clients(RDSClient, freshAccount());
  const create = { Engine: 'mysql', DBInstanceClass: 'db.t4g.micro', MasterUsername: 'admin' };
  const made = await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'one',
      MasterUserPassword: 'not-a-secret',
      ...create,
    }),
  );
  const replica = await rds.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: 'two',
      SourceDBInstanceIdentifier: 'one',
    }),
  );
  expect(made.DBInstance?.DbiResourceId).not.toBe(replica.DBInstance?.DbiResourceId);
  const modify = async (input: object) => {
    const { DBInstance } = await rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'one', ...input }),
    );
    return [DBInstance?.MultiAZ, DBInstance?.PendingModifiedValues?.MultiAZ];
  };
  expect(await modify({ MultiAZ: true })).toEqual([false, true]);
  expect(await modify({ PubliclyAccessible: true })).toEqual([false, true]);
  expect(await modify({ ApplyImmediately: true })).toEqual([true, undefined]);
  expect(await modify({ MultiAZ: false, ApplyImmediately: true })).toEqual([false, undefined]);
});

test('only its cluster changes an instance of a Multi-AZ cluster, which is found by its resource id', async () => {
  const rds = clients(RDSClient, freshAccount());
  const { DBCluster } = await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: 'shop',
      Engine: 'mysql',
      MasterUsername: 'admin',
      MasterUserPassword: 'not-a-secret',
    }),
  );
  const member = { DBInstanceIdentifier: 'shop-1', AutoMinorVersionUpgrade: false };
  await rds.send(
    new CreateDBInstanceCommand({
      ...member,
      DBClusterIdentifier: 'shop',
      Engine: 'mysql',
      DBInstanceClass: 'db.t4g.micro',
    }),
  );
  await expect(rds.send(new ModifyDBInstanceCommand(member))).rejects.toMatchObject(
    named('InvalidDBInstanceStateFault'),
  );
  const upgrade = { DBClusterIdentifier: 'shop', AutoMinorVersionUpgrade: true };
  await rds.send(new ModifyDBClusterCommand(upgrade));
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
  expect(DBInstances).toMatchObject([{ AutoMinorVersionUpgrade: true }]);
  const byId = async (id = '') => {
    const Filters = [{ Name: 'db-cluster-resource-id', Values: [id] }];
    return (await rds.send(new DescribeDBClustersCommand({ Filters }))).DBClusters;
  };
  expect(await byId(DBCluster?.DbClusterResourceId)).toMatchObject([{ DBClusterIdentifier: 'shop' }]);
  expect(await byId('cluster-OTHER')).toEqual([]);
});

test('a cluster is not replaced by another one of its name', async () => {
  const rds = clients(RDSClient, freshAccount());
  const create = (DBClusterIdentifier: string) =>
    rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier,
        Engine: 'aurora-postgresql',
        MasterUsername: 'admin',
        MasterUserPassword: 'not-a-secret',
      }),
    );
  const { DBCluster } = await create('shop');
  await expect(create('shop')).rejects.toMatchObject(named('DBClusterAlreadyExistsFault'));
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({}));
  expect(DBClusters).toMatchObject([{ DbClusterResourceId: DBCluster?.DbClusterResourceId }]);
});

test('a started recorder succeeds', async () => {
  const config = clients(ConfigServiceClient, freshAccount());
  const roleARN = 'arn:aws:iam::111122223333:role/config';
  await config.send(
    new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: 'default', roleARN } }),
  );
  await config.send(
    new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: 'bucket' } }),
  );
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  const { ConfigurationRecordersStatus } = await config.send(
    new DescribeConfigurationRecorderStatusCommand({}),
  );
  expect(ConfigurationRecordersStatus).toEqual([
    expect.objectContaining({ recording: true, lastStatus: 'SUCCESS' }),
  ]);
});

test('an organization has a resource policy and a delegated administrator of CloudTrail', async () => {
  const place = { ...freshAccount(), region: 'us-east-1' };
  const organizations = clients(OrganizationsClient, place);
  const trails = clients(CloudTrailClient, place);
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const get = async () =>
    (await organizations.send(new DescribeResourcePolicyCommand({}))).ResourcePolicy?.Content;
  await expect(get()).rejects.toMatchObject(named('ResourcePolicyNotFoundException'));
  await organizations.send(
    new PutResourcePolicyCommand({ Content: '{"Version":"2012-10-17","Statement":[]}' }),
  );
  expect(await get()).toContain('2012-10-17');
  await organizations.send(new DeleteResourcePolicyCommand({}));
  await expect(get()).rejects.toMatchObject(named('ResourcePolicyNotFoundException'));

  const { CreateAccountStatus: status } = await organizations.send(
    new CreateAccountCommand({ AccountName: 'audit', Email: 'audit@example.com' }),
  );
  const MemberAccountId = status?.AccountId;
  const delegated = async () =>
    (
      await organizations.send(
        new ListDelegatedAdministratorsCommand({ ServicePrincipal: 'cloudtrail.amazonaws.com' }),
      )
    ).DelegatedAdministrators?.map(({ Id }) => Id);
  await trails.send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId }));
  expect(await delegated()).toEqual([MemberAccountId]);
  await trails.send(
    new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId: MemberAccountId }),
  );
  expect(await delegated()).toEqual([]);
});

test('central root access needs an organization and trusted access of IAM', async () => {
  const place = { ...freshAccount(), region: 'us-east-1' };
  const iam = clients(IAMClient, place);
  const organizations = clients(OrganizationsClient, place);
  const features = async () => (await iam.send(new ListOrganizationsFeaturesCommand({}))).EnabledFeatures;
  await expect(features()).rejects.toMatchObject(named('OrganizationNotFoundException'));
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  await expect(features()).rejects.toMatchObject(named('ServiceAccessNotEnabledException'));
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'iam.amazonaws.com' }));
  expect(await features()).toEqual([]);
  await iam.send(new EnableOrganizationsRootSessionsCommand({}));
  await iam.send(new EnableOrganizationsRootCredentialsManagementCommand({}));
  expect(await features()).toEqual(['RootCredentialsManagement', 'RootSessions']);
  await iam.send(new DisableOrganizationsRootSessionsCommand({}));
  expect(await features()).toEqual(['RootCredentialsManagement']);
});

test('an update of a stage leaves what it does not name, and its log is deleted by itself', async () => {
  const apis = clients(ApiGatewayV2Client, freshAccount());
  const { ApiId } = await apis.send(new CreateApiCommand({ Name: 'api', ProtocolType: 'HTTP' }));
  const stage = { ApiId, StageName: '$default' };
  await apis.send(new CreateStageCommand({ ...stage, Description: 'first', AutoDeploy: true }));
  const AccessLogSettings = {
    DestinationArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:access',
    Format: '$context.requestId',
  };
  await apis.send(new UpdateStageCommand({ ...stage, AccessLogSettings }));
  expect(await apis.send(new GetStageCommand(stage))).toMatchObject({
    Description: 'first',
    AutoDeploy: true,
    AccessLogSettings,
  });
  await apis.send(new DeleteAccessLogSettingsCommand(stage));
  expect(await apis.send(new GetStageCommand(stage))).not.toHaveProperty('AccessLogSettings');
});
