import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Deliver, Session } from '@compliance/core';
import {
  cloudWatchLogsPublisher,
  type LogDestination,
} from '@compliance/core/audit/cloudwatch-logs-publisher';

export const auditLog = (own: Session, destination: Omit<LogDestination, 'client'>): Deliver =>
  cloudWatchLogsPublisher({ client: own.client(CloudWatchLogsClient), ...destination });
