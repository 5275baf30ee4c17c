import { randomUUID } from 'node:crypto';

import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Session } from '@compliance/core';

/** Writes lines to the audit log, to a stream of this instance. */
export const auditLog = (session: Session, logGroupName: string): ((line: object) => Promise<void>) => {
  const client = session.client(CloudWatchLogsClient);
  const logStreamName = `keeper-${randomUUID()}`;
  let stream: Promise<unknown> | undefined;
  return async (line) => {
    stream ??= client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await stream.catch((error: unknown) => {
      stream = undefined;
      throw error;
    });
    await client.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: [{ timestamp: Date.now(), message: JSON.stringify(line) }],
      }),
    );
  };
};
