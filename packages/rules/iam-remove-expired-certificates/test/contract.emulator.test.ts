import {
  CreateLoadBalancerCommand as CreateClassicLoadBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  IAMClient,
  ListServerCertificatesCommand,
  UploadServerCertificateCommand,
  type ServerCertificateMetadata,
} from '@aws-sdk/client-iam';
import { ACCOUNT_TYPE, type Resource, type Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const VALID_UNTIL_2040 = `-----BEGIN CERTIFICATE-----
MIIBGDCBv6ADAgECAgEBMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC2V4YW1wbGUu
Y29tMB4XDTIwMDEwMTAwMDAwMFoXDTQwMDEwMTAwMDAwMFowFjEUMBIGA1UEAwwL
ZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARLd8hcmafc0oZG
UgrvmOE0VhTZNdWeBX+x9LtiSB0Wz3f8e72MbpFaVG77EJ4SxUvKnX5/J3Kaq82I
6kvi/sbzMAoGCCqGSM49BAMCA0gAMEUCIQD0v0I/MrPb35UCksfji7UT1sFPGb81
wpKO5pe7MGMWJgIgHt0jIiNApCWM1kM5AViwis855hgwUksOPLZIIpYinYw=
-----END CERTIFICATE-----`;
const VALID_UNTIL_2090 = `-----BEGIN CERTIFICATE-----
MIIBGTCBwaADAgECAgEBMAoGCCqGSM49BAMCMBYxFDASBgNVBAMMC2V4YW1wbGUu
Y29tMCAXDTIwMDEwMTAwMDAwMFoYDzIwOTAwMTAxMDAwMDAwWjAWMRQwEgYDVQQD
DAtleGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI9zVB5dSqmS
OcBoJS5stO7H67GMHCFoqlFA5qP+eMK6i8Y04OfOy3wuSmAOO4cWcl8rNKVkTRTk
tLOzCBdvJqgwCgYIKoZIzj0EAwIDRwAwRAIgFdnWkUqMm8HDRClSvNUzt5Myp4AB
yaHLRIt1ZLwXxcMCIG4Atp9SdHGBG0xIOvmvaDVhqoPPReZkRdzMQVe670j/
-----END CERTIFICATE-----`;

const upload = async (
  admin: Session,
  name: string,
  { body = VALID_UNTIL_2040, path = '/' } = {},
): Promise<ServerCertificateMetadata> => {
  const { ServerCertificateMetadata: uploaded } = await admin.client(IAMClient).send(
    new UploadServerCertificateCommand({
      ServerCertificateName: name,
      Path: path,
      CertificateBody: body,
      PrivateKey: 'the emulator does not check it',
    }),
  );
  if (!uploaded) throw new Error('The emulator answered without a certificate.');
  return uploaded;
};

const resourceOf = ({ ServerCertificateId = '' }: ServerCertificateMetadata): Resource => ({
  resourceType: 'AWS::IAM::ServerCertificate',
  resourceId: ServerCertificateId,
});

const classicLoadBalancer = async (admin: Session, certificateArn: string | undefined) =>
  admin
    .at('us-east-1')
    .client(ElasticLoadBalancingClient)
    .send(
      new CreateClassicLoadBalancerCommand({
        LoadBalancerName: 'classic',
        AvailabilityZones: ['us-east-1a'],
        Listeners: [
          { Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 80, SSLCertificateId: certificateArn },
        ],
      }),
    );

const networkLoadBalancer = async (admin: Session, certificateArn: string | undefined) => {
  const session = admin.at('ap-southeast-2');
  const client = session.client(ElasticLoadBalancingV2Client);
  const { Subnets: [subnet] = [] } = await session.client(EC2Client).send(new DescribeSubnetsCommand({}));
  const { LoadBalancers: [balancer] = [] } = await client.send(
    new CreateLoadBalancerCommand({ Name: 'network', Type: 'network', Subnets: [subnet?.SubnetId ?? ''] }),
  );
  const { TargetGroups: [group] = [] } = await client.send(
    new CreateTargetGroupCommand({ Name: 'targets', Protocol: 'TCP', Port: 80, VpcId: subnet?.VpcId }),
  );
  await client.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Protocol: 'TLS',
      Port: 443,
      Certificates: [{ CertificateArn: certificateArn }],
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group?.TargetGroupArn }],
    }),
  );
};

const unusedBesideUsed = async (admin: Session) => {
  const used = await upload(admin, 'used', { body: VALID_UNTIL_2090 });
  await classicLoadBalancer(admin, used.Arn);
  await networkLoadBalancer(admin, used.Arn);
  return resourceOf(await upload(admin, 'unused'));
};

const usedBy = (use: typeof classicLoadBalancer | typeof networkLoadBalancer) => async (admin: Session) => {
  const certificate = await upload(admin, 'used');
  await use(admin, certificate.Arn);
  return resourceOf(certificate);
};

const otherCertificates = async ({ resourceId }: Resource, admin: Session) => {
  const { ServerCertificateMetadataList = [] } = await admin
    .client(IAMClient)
    .send(new ListServerCertificatesCommand({}));
  return ServerCertificateMetadataList.filter(
    ({ ServerCertificateId }) => ServerCertificateId !== resourceId,
  );
};

// IAM takes no certificate that has expired, so time passes instead.
describeRuleContract(rule, {
  now: new Date('2045-01-01T00:00:00Z'),
  compliant: {
    'an account without certificates, judged itself': async ({ accountId }) => ({
      resourceType: ACCOUNT_TYPE,
      resourceId: accountId,
    }),
    'a certificate that is still valid': async (admin) =>
      resourceOf(await upload(admin, 'valid', { body: VALID_UNTIL_2090 })),
  },
  nonCompliant: {},
  oneWay: {
    'an expired certificate that no load balancer uses, beside one that two use': unusedBesideUsed,
  },
  manual: {
    'an expired certificate on a Classic Load Balancer of another Region': usedBy(classicLoadBalancer),
    'an expired certificate on a Network Load Balancer of another Region': usedBy(networkLoadBalancer),
    'an expired certificate for CloudFront': async (admin) =>
      resourceOf(await upload(admin, 'edge', { path: '/cloudfront/' })),
  },
  untouched: otherCertificates,
  gone: { resourceType: 'AWS::IAM::ServerCertificate', resourceId: 'ASCAEXAMPLE' },
});
