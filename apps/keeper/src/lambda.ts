import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { AccountId, createSession } from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { kmsSigner, lockedUntil, s3Store, tableCheckpoints } from '@compliance/evidence';
import * as z from 'zod';

import { parseEnvironment } from './environment.ts';
import { createHandler } from './handler.ts';
import { logLine } from './log-line.ts';

// Compiled parsers pay off after thousands of inputs; the keeper parses its own lines without them.
z.config({ jitless: true });
const environment = parseEnvironment(process.env);
const { region, credentials, lock } = environment;
// `arn:aws:kms:<region>:<account>:key/…` names the account, which is the function's own or the key's.
const accountId = AccountId.parse(environment.signingKeyArn.split(':')[4]);
const session = createSession({ accountId, region, credentials });
const s3 = session.client(S3Client);
const kms = session.client(KMSClient);
const table = dynamoDbTable(session.client(DynamoDBClient), environment.stateTable);
const now = () => new Date();
const sealed = s3Store(
  s3,
  environment.sealedBucket,
  lock.days > 0 ? { until: lockedUntil(lock.days), mode: lock.mode } : undefined,
);

/** The digest of this bundle: the entry names its chunks by their content. */
const code = `sha256-${createHash('sha256')
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex')
  .slice(0, 32)}`;

/** `compliance-keeper`: a schedule invokes it in the home Region of the master account, every ten minutes. */
export const handler = createHandler(async () => ({
  intake: s3Store(s3, environment.ledgerBucket),
  sealed,
  signer: await kmsSigner(kms, environment.signingKeyArn),
  ...(environment.formerSigningKeyArn !== undefined && {
    formerSigner: await kmsSigner(kms, environment.formerSigningKeyArn),
  }),
  formerPrefix: 'ledger/',
  code,
  checkpoints: tableCheckpoints(table, now),
  table,
  ...(environment.headsBucket !== undefined && { copies: s3Store(s3, environment.headsBucket) }),
  now,
  buildDailyState: async (newest, options) => {
    // Most runs need none of it.
    const { buildDailyState } = await import('@compliance/state/daily');
    return buildDailyState(sealed, newest, options);
  },
  // Lambda puts a prefix before the lines of console.log, which metric filters cannot parse as JSON.
  say: (line) => void process.stdout.write(logLine(line)),
}));
