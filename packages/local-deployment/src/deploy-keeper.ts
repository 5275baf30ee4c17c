import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '@compliance/core';
import {
  KEEPER,
  KEEPER_LOG_GROUP,
  KEEPER_ROLE,
  KEEPER_SETTINGS,
  keeperEnvironment,
  keeperRole,
  sealedBucket,
  sealedLedger,
} from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

import { createBucketCommand } from './create-stores.ts';
import { readZip } from './deploy-functions.ts';
import { createRole } from './deploy-roles.ts';

/** Deploys the keeper to the home Region, where the settings name a key. Nothing invokes it by schedule there. */
export const deployKeeper = async (
  org: LocalOrg,
  { settings, zip }: { readonly settings: Settings; readonly zip: string },
): Promise<void> => {
  const ledger = sealedLedger(settings);
  const { id: masterAccountId } = org.organization.master;
  const { homeRegion } = org;
  const role = keeperRole({ masterAccountId, homeRegion, partition: 'aws' }, settings);
  if (!ledger || !role) return;
  await org
    .client(S3Client, masterAccountId)
    .send(
      createBucketCommand(sealedBucket(masterAccountId), homeRegion, { ObjectLockEnabledForBucket: true }),
    );
  await org
    .client(CloudWatchLogsClient, masterAccountId)
    .send(new CreateLogGroupCommand({ logGroupName: KEEPER_LOG_GROUP }));
  await createRole(org, masterAccountId, role);
  await org.client(LambdaClient, masterAccountId).send(
    new CreateFunctionCommand({
      FunctionName: KEEPER,
      Role: `arn:aws:iam::${masterAccountId}:role/${KEEPER_ROLE}`,
      Runtime: 'nodejs22.x',
      Handler: KEEPER_SETTINGS.handler,
      Timeout: KEEPER_SETTINGS.timeoutSeconds,
      MemorySize: KEEPER_SETTINGS.memoryMegabytes,
      Environment: { Variables: keeperEnvironment(masterAccountId, ledger) },
      Code: { ZipFile: await readZip(zip) },
    }),
  );
};
