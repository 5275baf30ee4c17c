import { text, type Call } from '../protocol/call.ts';
import {
  anywhere,
  arn,
  named,
  passRole,
  sameName,
  type Need,
  type ServicePermissions,
} from './required-permission.ts';

const trail = (call: Call): readonly string[] => {
  const name = text(call, 'Name') ?? text(call, 'TrailName') ?? text(call, 'ResourceId') ?? '*';
  return [arn(call, 'cloudtrail', 'trail/', name)];
};
const withLogsRole =
  (operation: string) =>
  (call: Call): readonly Need[] => [
    ...named(`cloudtrail:${operation}`, trail)(call),
    ...passRole(text(call, 'CloudWatchLogsRoleArn'), 'cloudtrail.amazonaws.com'),
  ];

export const cloudtrailPermissions: ServicePermissions = {
  ...sameName(anywhere, 'DescribeTrails ListTrails LookupEvents'),
  ...sameName(
    trail,
    `
    GetTrail GetTrailStatus GetEventSelectors PutEventSelectors GetInsightSelectors
    PutInsightSelectors
  `,
  ),
  ...sameName(trail, 'StartLogging StopLogging DeleteTrail'),
  CreateTrail: withLogsRole('CreateTrail'),
  UpdateTrail: withLogsRole('UpdateTrail'),
};
