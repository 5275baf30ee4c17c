import { text, type Call } from '../protocol/call.ts';
import {
  anyResource,
  regionalArn,
  actionNamed,
  passRole,
  actionsOn,
  type RequiredPermission,
  type ServicePermissions,
} from './required-permission.ts';

const trail = (call: Call): readonly string[] => {
  const name = text(call, 'Name') ?? text(call, 'TrailName') ?? text(call, 'ResourceId') ?? '*';
  return [regionalArn(call, 'cloudtrail', 'trail/', name)];
};
const withLogsRole =
  (operation: string) =>
  (call: Call): readonly RequiredPermission[] => [
    ...actionNamed(`cloudtrail:${operation}`, trail)(call),
    ...passRole(text(call, 'CloudWatchLogsRoleArn'), 'cloudtrail.amazonaws.com'),
  ];

export const cloudtrailPermissions: ServicePermissions = {
  ...actionsOn(anyResource, 'DescribeTrails ListTrails LookupEvents'),
  ...actionsOn(
    trail,
    `
    GetTrail GetTrailStatus GetEventSelectors PutEventSelectors GetInsightSelectors
    PutInsightSelectors
  `,
  ),
  ...actionsOn(trail, 'StartLogging StopLogging DeleteTrail'),
  CreateTrail: withLogsRole('CreateTrail'),
  UpdateTrail: withLogsRole('UpdateTrail'),
};
