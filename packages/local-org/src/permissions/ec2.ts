import { text, texts, type Call } from '../protocol/call.ts';
import {
  anyResource,
  regionalArn,
  resourceInParameter,
  passRole,
  actionsOn,
  type RequiredPermission,
  type ServicePermissions,
} from './required-permission.ts';

const securityGroup = resourceInParameter('GroupId', 'ec2', 'security-group/');

const FLOW_LOG_TARGETS: Readonly<Record<string, string>> = {
  VPC: 'vpc/',
  Subnet: 'subnet/',
  NetworkInterface: 'network-interface/',
};

const createFlowLogs = (call: Call): readonly RequiredPermission[] => {
  const action = 'ec2:CreateFlowLogs';
  const target = FLOW_LOG_TARGETS[text(call, 'ResourceType') ?? ''] ?? '';
  const toS3 = text(call, 'LogDestinationType') === 's3';
  return [
    { action, resource: regionalArn(call, 'ec2', 'vpc-flow-log/', '*') },
    ...texts(call, 'ResourceId').map((id) => ({ action, resource: regionalArn(call, 'ec2', target, id) })),
    ...(toS3 ? [{ action: 'logs:CreateLogDelivery', resource: '*' }] : []),
    ...passRole(text(call, 'DeliverLogsPermissionArn'), 'vpc-flow-logs.amazonaws.com'),
    ...(call.input['TagSpecification'] === undefined
      ? []
      : [{ action: 'ec2:CreateTags', resource: regionalArn(call, 'ec2', 'vpc-flow-log/', '*') }]),
  ];
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const ec2Permissions: ServicePermissions = {
  ...actionsOn(
    anyResource,
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
  ...actionsOn(resourceInParameter('PrefixListId', 'ec2', 'prefix-list/'), 'GetManagedPrefixListEntries'),
  ...actionsOn(resourceInParameter('InstanceId', 'ec2', 'instance/'), 'ModifyInstanceMetadataOptions'),
  ...actionsOn(
    resourceInParameter('NetworkAclId', 'ec2', 'network-acl/'),
    `
    CreateNetworkAclEntry ReplaceNetworkAclEntry DeleteNetworkAclEntry
  `,
  ),
  ...actionsOn(
    securityGroup,
    `
    AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress AuthorizeSecurityGroupEgress
    RevokeSecurityGroupEgress ModifySecurityGroupRules DeleteSecurityGroup
  `,
  ),
  CreateFlowLogs: createFlowLogs,
  ...actionsOn(resourceInParameter('FlowLogId', 'ec2', 'vpc-flow-log/'), 'DeleteFlowLogs'),
};
