import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Publisher, Session } from '@compliance/core';
import { cloudWatchLogsPublisher } from '@compliance/core/audit/cloudwatch-logs-publisher';

export const auditLog = (own: Session, names: { logGroupName: string; logStreamName: string }): Publisher =>
  cloudWatchLogsPublisher({ client: own.client(CloudWatchLogsClient), ...names });
