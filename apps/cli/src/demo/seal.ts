import { styleText } from 'node:util';

import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '@compliance/core';
import {
  folderStore,
  hourOf,
  hoursLater,
  publicKeyOfDer,
  s3Store,
  verify,
  type ObjectStore,
} from '@compliance/evidence';
import { KEEPER, sealedBucket } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

import { describeVerification } from '../output/describe-verification.ts';

/** Creates the key that signs the heads of the ledger. */
export const createSigningKey = async (org: LocalOrg): Promise<string> => {
  const { KeyMetadata } = await org
    .client(KMSClient, org.organization.master.id)
    .send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }));
  if (KeyMetadata?.Arn === undefined) throw new Error('Incomplete answer of KMS: the new key has no ARN.');
  return KeyMetadata.Arn;
};

interface SealedStage {
  readonly org: LocalOrg;
  readonly settings: Settings;
  readonly print: (line: string) => void;
}

/** What the keeper sealed, and the key that has to have signed it. */
export interface Seal {
  readonly store: ObjectStore;
  readonly fingerprint: string;
}

/**
 * Has the keeper seal the minutes of this run, and verifies them as anybody can who has the fingerprint.
 * @param folder where to leave a copy
 */
export const sealAndVerify = async (
  { org, print, settings }: SealedStage,
  folder: string | undefined,
): Promise<Seal> => {
  const signingKeyArn = settings.ledger?.signingKeyArn;
  if (signingKeyArn === undefined) throw new Error('The settings of the demo name no key for the ledger.');
  print(`\n${styleText('bold', 'Sealed: the keeper signs the hour of this run, and anybody can verify it')}`);
  const master = org.organization.master.id;
  const through = hourOf(new Date());
  const answer = await org
    .client(LambdaClient, master)
    .send(new InvokeCommand({ FunctionName: KEEPER, Payload: Buffer.from(JSON.stringify({ through })) }));
  if (answer.FunctionError !== undefined)
    throw new Error(`The keeper failed: ${answer.Payload?.transformToString() ?? answer.FunctionError}`);
  const { PublicKey } = await org
    .client(KMSClient, master)
    .send(new GetPublicKeyCommand({ KeyId: signingKeyArn }));
  if (!PublicKey) throw new Error(`Incomplete answer of KMS: ${signingKeyArn} has no public key.`);
  const { fingerprint } = publicKeyOfDer(PublicKey);
  const store = s3Store(org.client(S3Client, master), sealedBucket(master));
  const verification = await verify(store, { until: hoursLater(through, 1), fingerprint });
  for (const line of describeVerification(verification)) print(`  ${line}`);
  if (verification.problem)
    throw new Error(`The ledger of this run does not verify: ${verification.problem.what}`);
  if (folder !== undefined) {
    await copyObjects(store, folderStore(folder));
    const to = hoursLater(through, 1);
    print(`  compliance ledger verify --sealed ${folder} --to ${to} --key-fingerprint ${fingerprint}`);
  }
  return { store, fingerprint };
};

/** The bytes of the longest object of so short a run. */
const MAX_BYTES = 2 ** 26;

const copyObjects = async (from: ObjectStore, to: ObjectStore): Promise<void> => {
  for await (const key of from.list({ prefix: '' })) {
    const bytes = await from.read(key, MAX_BYTES);
    if (bytes) await to.create(key, bytes);
  }
};
