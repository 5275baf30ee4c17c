import * as z from 'zod';
import { text, texts, type Call } from '../protocol/call.ts';

/** Where the value of a placeholder is, if not in the parameter of the same name; by service and placeholder. */
export const RESOURCE_PARAMETERS: Readonly<
  Record<string, readonly string[] | ((call: Call) => readonly string[])>
> = {
  's3:BucketName': ['Bucket'],
  's3:ObjectName': (call) => [text(call, 'Key') ?? '*'],
  'ec2:SecurityGroupId': ['GroupId', 'SecurityGroupId'],
  'ec2:NaclId': ['NetworkAclId'],
  'ec2:VpcFlowLogId': ['FlowLogId'],
  'iam:UserNameWithPath': ['UserName'],
  'iam:RoleNameWithPath': ['RoleName'],
  'iam:GroupNameWithPath': ['GroupName'],
  'iam:PolicyNameWithPath': ['PolicyArn', 'PolicyName'],
  'iam:InstanceProfileNameWithPath': ['InstanceProfileName'],
  'iam:CertificateNameWithPath': ['ServerCertificateName'],
  'cloudtrail:TrailName': ['Name', 'TrailName', 'ResourceId'],
  'logs:LogGroupName': ['logGroupName', 'logGroupIdentifier'],
  'sns:TopicName': ['TopicArn', 'Name'],
  'dynamodb:TableName': (call) => [
    ...texts(call, 'TableName'),
    ...Object.keys(z.record(z.string(), z.unknown()).parse(call.input['RequestItems'] ?? {})),
  ],
  'ssm:ParameterNameWithoutLeadingSlash': (call) =>
    ['Name', 'Names', 'Path'].flatMap((name) => texts(call, name)).map(withoutSlash),
  'ssm:DocumentName': ['Name', 'DocumentName'],
  'ssm:ResourceId': (call) => texts(call, 'SettingId').map(withoutSlash),
  'lambda:FunctionName': (call) => {
    const qualifier = text(call, 'Qualifier');
    return texts(call, 'FunctionName').map((name) =>
      qualifier === undefined ? name : `${name}:${qualifier}`,
    );
  },
  'events:EventBusName': (call) => {
    const entries = z.array(z.object({ EventBusName: z.string().default('default') })).optional();
    const buses = entries.parse(call.input['Entries'])?.map(({ EventBusName }) => EventBusName);
    return buses ?? [...texts(call, 'EventBusName'), ...texts(call, 'Name')];
  },
  'sqs:QueueName': (call) => [text(call, 'QueueName') ?? text(call, 'QueueUrl')?.split('/').at(-1) ?? '*'],
  'rds:DbInstanceName': ['DBInstanceIdentifier'],
  'rds:DbClusterInstanceName': ['DBClusterIdentifier'],
  'cloudfront:DistributionId': ['Id'],
};

const withoutSlash = (name: string): string => name.replace(/^\//, '');
