import { text, type Call } from '../protocol/call.ts';
import { anyResource, regionalArn, actionsOn, type ServicePermissions } from './required-permission.ts';

const logGroupName = (call: Call): string =>
  text(call, 'logGroupName') ?? text(call, 'logGroupIdentifier') ?? '';
const logGroup = (call: Call): readonly string[] => [
  regionalArn(call, 'logs', 'log-group:', logGroupName(call)),
];
const logStream = (call: Call): readonly string[] => [
  `${regionalArn(call, 'logs', 'log-group:', logGroupName(call))}:log-stream:${text(call, 'logStreamName') ?? ''}`,
];

export const logsPermissions: ServicePermissions = {
  ...actionsOn(logStream, 'PutLogEvents CreateLogStream GetLogEvents'),
  ...actionsOn(
    logGroup,
    `
    CreateLogGroup DescribeLogStreams FilterLogEvents PutRetentionPolicy
    DescribeMetricFilters PutMetricFilter
  `,
  ),
  ...actionsOn(anyResource, 'DescribeLogGroups DescribeResourcePolicies'),
};
