import { text, texts, type Call } from '../protocol/call.ts';
import {
  anywhere,
  arn,
  parameter,
  passRole,
  sameName,
  type Need,
  type ServicePermissions,
} from './required-permission.ts';

const securityGroup = parameter('GroupId', 'ec2', 'security-group/');

const FLOW_LOG_TARGETS: Readonly<Record<string, string>> = {
  VPC: 'vpc/',
  Subnet: 'subnet/',
  NetworkInterface: 'network-interface/',
};

const createFlowLogs = (call: Call): readonly Need[] => {
  const action = 'ec2:CreateFlowLogs';
  const target = FLOW_LOG_TARGETS[text(call, 'ResourceType') ?? ''] ?? '';
  const toS3 = text(call, 'LogDestinationType') === 's3';
  return [
    { action, resource: arn(call, 'ec2', 'vpc-flow-log/', '*') },
    ...texts(call, 'ResourceId').map((id) => ({ action, resource: arn(call, 'ec2', target, id) })),
    ...(toS3 ? [{ action: 'logs:CreateLogDelivery', resource: '*' }] : []),
    ...passRole(text(call, 'DeliverLogsPermissionArn'), 'vpc-flow-logs.amazonaws.com'),
    ...(call.input['TagSpecification'] === undefined
      ? []
      : [{ action: 'ec2:CreateTags', resource: arn(call, 'ec2', 'vpc-flow-log/', '*') }]),
  ];
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const ec2Permissions: ServicePermissions = {
  ...sameName(
    anywhere,
    `
    DescribeVpcs DescribeSubnets DescribeFlowLogs DescribeSecurityGroups
    DescribeSecurityGroupRules DescribeNetworkInterfaces DescribeNetworkAcls
    DescribeManagedPrefixLists DescribeInstances DescribeRegions DescribeVolumes
    DescribeSnapshots DescribeSnapshotAttribute DescribeImages DescribeTags
    DescribeRouteTables GetEbsEncryptionByDefault EnableEbsEncryptionByDefault
    DisableEbsEncryptionByDefault GetSnapshotBlockPublicAccessState
    EnableSnapshotBlockPublicAccess DisableSnapshotBlockPublicAccess
    GetInstanceMetadataDefaults ModifyInstanceMetadataDefaults
  `,
  ),
  ...sameName(parameter('PrefixListId', 'ec2', 'prefix-list/'), 'GetManagedPrefixListEntries'),
  ...sameName(parameter('InstanceId', 'ec2', 'instance/'), 'ModifyInstanceMetadataOptions'),
  ...sameName(
    parameter('NetworkAclId', 'ec2', 'network-acl/'),
    `
    CreateNetworkAclEntry ReplaceNetworkAclEntry DeleteNetworkAclEntry
  `,
  ),
  ...sameName(
    securityGroup,
    `
    AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress AuthorizeSecurityGroupEgress
    RevokeSecurityGroupEgress ModifySecurityGroupRules DeleteSecurityGroup
  `,
  ),
  CreateFlowLogs: createFlowLogs,
  ...sameName(parameter('FlowLogId', 'ec2', 'vpc-flow-log/'), 'DeleteFlowLogs'),
};
