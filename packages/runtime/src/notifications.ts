import { SNSClient } from '@aws-sdk/client-sns';
import type { Deliver, Session } from '@compliance/core';
import { snsPublisher } from '@compliance/core/audit/sns-publisher';

export const notifications = (home: Session, topicArn: string): Deliver =>
  snsPublisher({ client: home.client(SNSClient), topicArn });
