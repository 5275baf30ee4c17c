import { change, compliant, defineRule, nonCompliant, shortened } from '@compliance/core/rule';
import {
  leaveOrganizationTrail,
  observeTrailResources,
  TRAIL_SHAPE,
  UPDATE_TRAIL,
  UPDATE_TRAIL_UNDO,
  updateTrail,
} from '@compliance/trails';

import { Delivery, readDelivery } from './delivery.ts';
import { Parameters } from './parameters.ts';

const READS = ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'];
const HOUR_MS = 3_600_000;

export const rule = defineRule({
  command: 'CLOUDTRAIL_ENABLE_CLOUDWATCH_LOGS',
  title: 'Trails deliver to CloudWatch Logs',
  rationale: 'Metric filters and alarms see events within minutes, but only those that reach a log group.',
  severity: 'low',
  resourceType: 'AWS::CloudTrail::Trail',
  resource: TRAIL_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.4'],
    'cis-1.3': ['3.4'],
    'cis-1.4': ['3.4'],
    'cis-1.5': ['3.4'],
    'cis-2.0': ['3.4'],
    'aws-fsbp': ['CloudTrail.5'],
  },
  equivalents: {
    config: ['CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED'],
    securityHub: ['CloudTrail.5'],
    prowler: ['cloudtrail_cloudwatch_logging_enabled'],
    steampipe: ['cloudtrail_trail_integrated_with_logs'],
    custodian: ['cloudtrail: status'],
  },
  parameters: Parameters,
  needs: ['deliveryRoleArn'],
  facts: Delivery,
  permissions: {
    list: READS,
    get: READS,
    fix: [
      UPDATE_TRAIL,
      {
        action: 'iam:PassRole',
        resource: 'arn:*:iam::*:role/*',
        resourceFrom: 'deliveryRoleArn',
        condition: { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } },
        implied: true,
      },
    ],
    undo: [UPDATE_TRAIL],
  },

  observe: observeTrailResources({
    read: readDelivery,
    // An item does not hold the last delivery.
    item: ({ cloudWatchLogsLogGroupArn, isOrganizationTrail }) =>
      cloudWatchLogsLogGroupArn === null
        ? { organization: isOrganizationTrail, logGroup: null, delivered: null }
        : undefined,
  }),

  judge: ({ logGroup, delivered, error }, { parameters, now }) => {
    if (logGroup === null) return nonCompliant('The trail delivers to no log group.');
    if (error !== undefined)
      return nonCompliant(`The trail cannot deliver to its log group: ${shortened(error, 150)}.`);
    // A new trail has delivered nothing yet; one that cannot deliver has an error.
    if (delivered === null) return compliant();
    return now.getTime() - Date.parse(delivered) <= parameters.maxHoursSinceDelivery * HOUR_MS
      ? compliant()
      : nonCompliant(`The last delivery to the log group was at ${delivered}.`);
  },

  fix: ({ resource: { resourceId: name }, facts, parameters, partition, region, accountId }) => {
    const { logGroupName, deliveryRoleArn } = parameters;
    if (facts.organization)
      return leaveOrganizationTrail(name, 'Set a log group and a role that can write to it');
    if (facts.logGroup !== null)
      return {
        manual: `Correct the delivery of trail ${name} to log group ${facts.logGroup}: check that the trail is logging, that its role may write there, and that the log group exists.`,
      };
    if (deliveryRoleArn === null)
      return {
        manual:
          'Set the parameter deliveryRoleArn to the role with which CloudTrail writes to the log group.',
      };
    return change({
      description: `Deliver the events of trail ${shortened(name)} to log group ${shortened(logGroupName)}, which charges for what it receives`,
      risk: 'safe',
      steps: [
        updateTrail(
          name,
          {
            CloudWatchLogsLogGroupArn: `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}:*`,
            CloudWatchLogsRoleArn: deliveryRoleArn,
          },
          { CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' },
        ),
      ],
      inCode: {
        terraform: `aws_cloudtrail: cloud_watch_logs_group_arn = "\${aws_cloudwatch_log_group.trail.arn}:*", cloud_watch_logs_role_arn = "${deliveryRoleArn}"`,
        cloudFormation: `AWS::CloudTrail::Trail: CloudWatchLogsLogGroupArn: !GetAtt TrailLogGroup.Arn, CloudWatchLogsRoleArn: ${deliveryRoleArn}`,
      },
    });
  },

  undo: UPDATE_TRAIL_UNDO,
});
