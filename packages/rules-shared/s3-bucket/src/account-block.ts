import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import type { Session } from '@compliance/core/rule';

/** The reply about the block of the account. A module of its own, so that only a rule that asks loads S3 Control. */
export const getAccountBlock = (session: Session) =>
  session.client(S3ControlClient).send(new GetPublicAccessBlockCommand({ AccountId: session.accountId }));
