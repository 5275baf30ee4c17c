import type { Grant } from '@compliance/core/rule';

const FLOW_LOGS = 'arn:*:ec2:*:*:vpc-flow-log/*';

// For S3 and Firehose, EC2 calls log delivery with the permissions of its caller.
const delivery = (action: 'CreateLogDelivery' | 'DeleteLogDelivery'): Grant => ({
  action: `logs:${action}`,
  implied: true,
});

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
export const fixGrants: readonly Grant[] = [
  { action: 'ec2:CreateFlowLogs', resource: ['arn:*:ec2:*:*:vpc/*', FLOW_LOGS] },
  {
    action: 'iam:PassRole',
    resource: 'arn:*:iam::*:role/*',
    resourceFrom: 'deliverLogsPermissionArn',
    condition: { StringEquals: { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' } },
    implied: true,
  },
  delivery('CreateLogDelivery'),
  { action: 'firehose:TagDeliveryStream', resource: 'arn:*:firehose:*:*:deliverystream/*', implied: true },
  {
    action: 'iam:CreateServiceLinkedRole',
    resource: 'arn:*:iam::*:role/aws-service-role/delivery.logs.amazonaws.com/*',
    condition: { StringEquals: { 'iam:AWSServiceName': 'delivery.logs.amazonaws.com' } },
    implied: true,
  },
];

export const undoGrants: readonly Grant[] = [
  { action: 'ec2:DeleteFlowLogs', resource: FLOW_LOGS },
  delivery('DeleteLogDelivery'),
];
