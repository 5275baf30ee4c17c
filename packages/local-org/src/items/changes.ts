import { type Call, operationName, type RawReply, text, texts } from '../protocol/call.ts';
import { stageArn } from './stage-arn.ts';

/** A resource that a call may have changed; only a live read shows whether it did. */
export interface PossibleChange {
  readonly resourceType: string;
  /** The name or id by which API calls identify the resource. */
  readonly key: string;
  /** Where the resource is, if not in the Region of the call. */
  readonly region?: string;
}

type Finder = (call: Call, replyBody: string) => readonly PossibleChange[];

const inParameters =
  (
    resourceType: string,
    keysOf: (call: Call, replyBody: string) => readonly (string | undefined)[],
  ): Finder =>
  (call, replyBody) =>
    keysOf(call, replyBody).flatMap((key) => (key === undefined ? [] : [{ resourceType, key }]));

const bucket = inParameters('AWS::S3::Bucket', (call) => [text(call, 'Bucket')]);
const user = inParameters('AWS::IAM::User', (call) => [text(call, 'NewUserName'), text(call, 'UserName')]);
const policy = inParameters('AWS::IAM::Policy', (call) => [text(call, 'PolicyArn')]);
const securityGroup = inParameters('AWS::EC2::SecurityGroup', (call) => [text(call, 'GroupId')]);
const vpc = inParameters('AWS::EC2::VPC', (call) => [text(call, 'VpcId')]);
const instance = inParameters('AWS::EC2::Instance', (call) => texts(call, 'InstanceId'));
const networkAcl = inParameters('AWS::EC2::NetworkAcl', (call) => [text(call, 'NetworkAclId')]);
const routeTable = inParameters('AWS::EC2::RouteTable', (call) => [text(call, 'RouteTableId')]);
/** A trail may be named by its ARN. */
const trail = inParameters('AWS::CloudTrail::Trail', (call) => [
  (text(call, 'Name') ?? text(call, 'TrailName') ?? text(call, 'ResourceId'))?.split('/').at(-1),
]);

const loadBalancer = inParameters('AWS::ElasticLoadBalancingV2::LoadBalancer', (call) =>
  [...texts(call, 'LoadBalancerArn'), ...texts(call, 'ResourceArns')].filter((arn) =>
    arn.includes(':loadbalancer/'),
  ),
);
const stage = inParameters('AWS::ApiGateway::Stage', (call) => {
  const [apiId, name] = [text(call, 'restApiId'), text(call, 'stageName')];
  return apiId === undefined || name === undefined ? [] : [stageArn(call, 'restapis', apiId, name)];
});
/** A name is in the path, except that of a stage that is created. */
const stageV2 = inParameters('AWS::ApiGatewayV2::Stage', (call) => {
  const [apiId, name] = [text(call, 'ApiId'), text(call, 'StageName') ?? text(call, 'stageName')];
  return apiId === undefined || name === undefined ? [] : [stageArn(call, 'apis', apiId, name)];
});
/** A key may be named by its ARN; the aliases that also name it change nothing of it. */
const kmsKey = inParameters('AWS::KMS::Key', (call) => [text(call, 'KeyId')?.split('/').at(-1)]);

const replicaOfKey: Finder = (call, replyBody) => {
  const region = text(call, 'ReplicaRegion');
  return kmsKey(call, replyBody).map((key) => ({ ...key, ...(region !== undefined && { region }) }));
};

const inReply = (resourceType: string, id: RegExp): Finder =>
  inParameters(resourceType, (_, replyBody) => [...replyBody.matchAll(id)].map(([, key]) => key));

const EC2_ID_TYPES: readonly (readonly [prefix: string, resourceType: string])[] = [
  ['vpc-', 'AWS::EC2::VPC'],
  ['sg-', 'AWS::EC2::SecurityGroup'],
  ['fl-', 'AWS::EC2::FlowLog'],
  ['i-', 'AWS::EC2::Instance'],
  ['acl-', 'AWS::EC2::NetworkAcl'],
  ['rtb-', 'AWS::EC2::RouteTable'],
];
/** CreateTags and DeleteTags name resources of any type by id. */
const tagged: Finder = (call) =>
  texts(call, 'ResourceId').flatMap((key) =>
    EC2_ID_TYPES.flatMap(([prefix, resourceType]) => (key.startsWith(prefix) ? [{ resourceType, key }] : [])),
  );

/** The answer to a call of RDS names what it changed, such as the members of a cluster. */
const database: Finder = (call, replyBody) =>
  [
    inReply('AWS::RDS::DBInstance', /<DBInstanceIdentifier>([^<]+)</g),
    inReply('AWS::RDS::DBCluster', /<DBClusterIdentifier>([^<]+)</g),
  ].flatMap((find) => find(call, replyBody));
const taggedDatabase: Finder = (call) => {
  const [kind, key = ''] = (text(call, 'ResourceName') ?? '').split(':').slice(-2);
  const resourceType = { db: 'AWS::RDS::DBInstance', cluster: 'AWS::RDS::DBCluster' }[kind ?? ''];
  return resourceType === undefined ? [] : [{ resourceType, key }];
};
const fileSystem = inParameters('AWS::EFS::FileSystem', (call) => [
  text(call, 'FileSystemId') ?? text(call, 'ResourceId'),
]);

/**
 * Finds changed resources by operation. An operation too many costs one read, because an unchanged resource gives no
 * item; an operation too few loses a change.
 */
const FINDERS: readonly (readonly [operations: RegExp, Finder])[] = [
  [/^s3:(?:Create|Delete|Put)(?:Bucket|PublicAccessBlock|ObjectLockConfiguration)/, bucket],
  [/^ec2:Create(?:Default)?Vpc$/, inReply('AWS::EC2::VPC', /<vpcId>(vpc-[\da-f]+)</g)],
  [/^ec2:(?:DeleteVpc|ModifyVpcAttribute|ModifyVpcTenancy|(?:Dis)?[Aa]ssociateVpcCidrBlock)$/, vpc],
  [/^ec2:CreateSecurityGroup$/, inReply('AWS::EC2::SecurityGroup', /<groupId>(sg-[\da-f]+)</g)],
  [/^ec2:(?:Authorize|Revoke|Modify|Update|Delete)SecurityGroup/, securityGroup],
  [/^ec2:CreateFlowLogs$/, inReply('AWS::EC2::FlowLog', /<item>(fl-[\da-f]+)</g)],
  [/^ec2:DeleteFlowLogs$/, inParameters('AWS::EC2::FlowLog', (call) => texts(call, 'FlowLogId'))],
  [
    /^ec2:(?:RunInstances|DisassociateIamInstanceProfile)$/,
    inReply('AWS::EC2::Instance', /<instanceId>(i-[\da-f]+)</g),
  ],
  [/^ec2:(?:Start|Stop|Terminate)Instances$|^ec2:ModifyInstance|^ec2:AssociateIamInstanceProfile$/, instance],
  [/^ec2:CreateNetworkAcl$/, inReply('AWS::EC2::NetworkAcl', /<networkAclId>(acl-[\da-f]+)</g)],
  [/^ec2:(?:Create|Replace|Delete)NetworkAcl/, networkAcl],
  [/^ec2:CreateRouteTable$/, inReply('AWS::EC2::RouteTable', /<routeTableId>(rtb-[\da-f]+)</g)],
  [/^ec2:(?:Create|Replace|Delete|Associate)Route/, routeTable],
  [/^ec2:(?:Create|Delete)Tags$/, tagged],
  [/^iam:(?!Get|List|Simulate|Generate)\w*(?:User|AccessKey|LoginProfile|MFADevice)/, user],
  [/^iam:CreatePolicy$/, inReply('AWS::IAM::Policy', /<Arn>(arn:[^<]+:policy\/[^<]+)</g)],
  [
    /^iam:(?:(?:Create|Delete|SetDefault)PolicyVersion|DeletePolicy|(?:At|De)tach(?:User|Group|Role)Policy)$/,
    policy,
  ],
  [
    /^cloudtrail:(?:Create|Update|Delete)Trail$|^cloudtrail:(?:Start|Stop)Logging$|^cloudtrail:Put\w+Selectors$|^cloudtrail:(?:Add|Remove)Tags$/,
    trail,
  ],
  [
    /^elasticloadbalancing:CreateLoadBalancer$/,
    inReply(
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      /<LoadBalancerArn>(arn:[^<]+:loadbalancer\/[^<]+)</g,
    ),
  ],
  [
    /^elasticloadbalancing:(?:Delete|Modify)LoadBalancer|^elasticloadbalancing:Set|^elasticloadbalancing:(?:Add|Remove)Tags$/,
    loadBalancer,
  ],
  [/^apigateway:(?:Create|Update|Delete)(?:Stage|Deployment)$/, stage],
  [/^apigatewayv2:(?:(?:Create|Update|Delete)(?:Stage|Deployment)|DeleteAccessLogSettings)$/, stageV2],
  [/^kms:CreateKey$/, inReply('AWS::KMS::Key', /"KeyId":\s*"([^"]+)"/g)],
  [/^kms:ReplicateKey$/, replicaOfKey],
  [/^kms:(?:Put|Enable|Disable|Schedule|Cancel|Update|Tag|Untag)(?:Key|Resource)/, kmsKey],
  [/^rds:(?:Create|Modify|Delete|Start|Stop|Restore|Promote|Failover)\w*DB(?:Instance|Cluster)/, database],
  [/^rds:(?:AddTagsTo|RemoveTagsFrom)Resource$/, taggedDatabase],
  [/^elasticfilesystem:CreateFileSystem$/, inReply('AWS::EFS::FileSystem', /"FileSystemId": ?"([^"]+)"/g)],
  [
    /^elasticfilesystem:(?:(?:Update|Delete)FileSystem|Put(?:BackupPolicy|LifecycleConfiguration)|(?:Unt|T)agResource)$/,
    fileSystem,
  ],
];

/** The resources that a completed call may have changed. */
export const possibleChanges = (
  call: Call,
  reply: Pick<RawReply, 'status' | 'body'>,
): readonly PossibleChange[] => {
  if (reply.status >= 300) return [];
  const name = operationName(call);
  return FINDERS.flatMap(([operations, find]) =>
    operations.test(name) ? find(call, reply.body.toString()) : [],
  );
};
