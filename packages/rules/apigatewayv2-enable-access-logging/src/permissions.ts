import type { Grant } from '@compliance/core/rule';

const APIS = 'arn:*:apigateway:*::/apis';
const STAGES = `${APIS}/*/stages/*`;

export const READS: readonly Grant[] = [
  { action: 'apigateway:GET', resource: [APIS, `${APIS}/*/stages`, STAGES] },
  'logs:DescribeLogGroups',
];

/**
 * API Gateway sets up the log of an HTTP API with the permissions of its caller.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
 */
const delivery = ['Create', 'Get', 'Update', 'Delete'].map((verb): Grant => ({
  action: `logs:${verb}LogDelivery`,
  implied: true,
}));

export const fixGrants: readonly Grant[] = [
  { action: 'apigateway:PATCH', resource: STAGES },
  ...delivery,
  { action: 'logs:ListLogDeliveries', implied: true },
  { action: 'logs:PutResourcePolicy', implied: true },
  { action: 'logs:DescribeResourcePolicies', implied: true },
];

export const undoGrants: readonly Grant[] = [
  { action: 'apigateway:DELETE', resource: `${STAGES}/accesslogsettings` },
  ...delivery,
];
