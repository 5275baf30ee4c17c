import { text, type Call } from '../protocol/call.ts';
import { anywhere, arn, sameName, type ServicePermissions } from './required-permission.ts';

const logGroupName = (call: Call): string =>
  text(call, 'logGroupName') ?? text(call, 'logGroupIdentifier') ?? '';
const logGroup = (call: Call): readonly string[] => [arn(call, 'logs', 'log-group:', logGroupName(call))];
const logStream = (call: Call): readonly string[] => [
  `${arn(call, 'logs', 'log-group:', logGroupName(call))}:log-stream:${text(call, 'logStreamName') ?? ''}`,
];

export const logsPermissions: ServicePermissions = {
  ...sameName(logStream, 'PutLogEvents CreateLogStream GetLogEvents'),
  ...sameName(
    logGroup,
    `
    CreateLogGroup DescribeLogStreams FilterLogEvents PutRetentionPolicy
    DescribeMetricFilters PutMetricFilter
  `,
  ),
  ...sameName(anywhere, 'DescribeLogGroups DescribeResourcePolicies'),
};
