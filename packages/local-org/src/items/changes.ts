import { type Call, operationName, type RawReply, text, texts } from '../protocol/call.ts';

/** Some resource may have changed; whether it did, a live read tells. */
export interface PossibleChange {
  readonly resourceType: string;
  readonly key: string;
}

type Finder = (call: Call, replyBody: string) => readonly PossibleChange[];

const of =
  (
    resourceType: string,
    keysOf: (call: Call, replyBody: string) => readonly (string | undefined)[],
  ): Finder =>
  (call, replyBody) =>
    keysOf(call, replyBody).flatMap((key) => (key === undefined ? [] : [{ resourceType, key }]));

const bucket = of('AWS::S3::Bucket', (call) => [text(call, 'Bucket')]);
const user = of('AWS::IAM::User', (call) => [text(call, 'NewUserName'), text(call, 'UserName')]);
const securityGroup = of('AWS::EC2::SecurityGroup', (call) => [text(call, 'GroupId')]);
const vpc = of('AWS::EC2::VPC', (call) => [text(call, 'VpcId')]);
/** A trail may be named by its ARN. */
const trail = of('AWS::CloudTrail::Trail', (call) => [
  (text(call, 'Name') ?? text(call, 'TrailName') ?? text(call, 'ResourceId'))?.split('/').at(-1),
]);

const created = (resourceType: string, id: RegExp): Finder =>
  of(resourceType, (_, replyBody) => [...replyBody.matchAll(id)].map(([, key]) => key));

const EC2_ID_TYPES: readonly (readonly [prefix: string, resourceType: string])[] = [
  ['vpc-', 'AWS::EC2::VPC'],
  ['sg-', 'AWS::EC2::SecurityGroup'],
  ['fl-', 'AWS::EC2::FlowLog'],
];
/** Tags name resources of any type by id. */
const tagged: Finder = (call) =>
  texts(call, 'ResourceId').flatMap((key) =>
    EC2_ID_TYPES.flatMap(([prefix, resourceType]) => (key.startsWith(prefix) ? [{ resourceType, key }] : [])),
  );

/**
 * Which call may change what. A call too many costs one read, as an unchanged resource gives no item;
 * a call too few would lose a change.
 */
const FINDERS: readonly (readonly [operations: RegExp, Finder])[] = [
  [/^s3:(?:Create|Delete|Put)(?:Bucket|PublicAccessBlock|ObjectLockConfiguration)/, bucket],
  [/^ec2:Create(?:Default)?Vpc$/, created('AWS::EC2::VPC', /<vpcId>(vpc-[\da-f]+)</g)],
  [/^ec2:(?:DeleteVpc|ModifyVpcAttribute|ModifyVpcTenancy|(?:Dis)?[Aa]ssociateVpcCidrBlock)$/, vpc],
  [/^ec2:CreateSecurityGroup$/, created('AWS::EC2::SecurityGroup', /<groupId>(sg-[\da-f]+)</g)],
  [/^ec2:(?:Authorize|Revoke|Modify|Update|Delete)SecurityGroup/, securityGroup],
  [/^ec2:CreateFlowLogs$/, created('AWS::EC2::FlowLog', /<item>(fl-[\da-f]+)</g)],
  [/^ec2:DeleteFlowLogs$/, of('AWS::EC2::FlowLog', (call) => texts(call, 'FlowLogId'))],
  [/^ec2:(?:Create|Delete)Tags$/, tagged],
  [/^iam:(?!Get|List|Simulate|Generate)\w*(?:User|AccessKey|LoginProfile|MFADevice)/, user],
  [
    /^cloudtrail:(?:Create|Update|Delete)Trail$|^cloudtrail:(?:Start|Stop)Logging$|^cloudtrail:Put\w+Selectors$|^cloudtrail:(?:Add|Remove)Tags$/,
    trail,
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
