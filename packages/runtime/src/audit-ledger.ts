import { S3Client } from '@aws-sdk/client-s3';
import type { Deliver, Session } from '@compliance/core';
import { ledgerPublisher, s3Ledger } from '@compliance/ledger';

export const auditLedger = (home: Session, bucket: string): Deliver =>
  ledgerPublisher(s3Ledger(home.client(S3Client), bucket));
