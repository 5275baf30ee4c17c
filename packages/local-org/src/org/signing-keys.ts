import { createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

import { partitionOf } from '@compliance/core';
import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import { text, type Call, type RawReply } from '../protocol/call.ts';
import { parseInput } from '../protocol/parse-input.ts';

const SPEC = 'ECC_NIST_EDWARDS25519';
const ALGORITHM = 'ED25519_SHA_512';

const SignRequest = z.object({
  Message: z.base64(),
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.string(),
});

/** KMS signs messages of up to 4,096 bytes. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const MESSAGE_BYTES = 4096;

/**
 * KMS's keys for Ed25519, which the emulator lacks: made and used here by node:crypto. All other keys are the emulator's.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export const createSigningKeys = ({
  forward,
  now,
}: {
  readonly forward: (call: Call) => Promise<RawReply>;
  readonly now: () => Date;
}) => {
  const keys = new Map<string, KeyObject>();
  const find = (call: Call) => {
    const id = text(call, 'KeyId') ?? '';
    const arn = id.startsWith('arn:') ? id : arnOf(call, id);
    const key = keys.get(arn);
    return key && { arn, key };
  };
  return {
    'kms:CreateKey': async (call: Call) => {
      if (text(call, 'KeySpec') !== SPEC) return forward(call);
      if (text(call, 'KeyUsage') !== 'SIGN_VERIFY')
        throw awsError(
          'ValidationException',
          `KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ${SPEC}`,
          400,
        );
      const arn = arnOf(call, randomUUID());
      keys.set(arn, generateKeyPairSync('ed25519').privateKey);
      return { KeyMetadata: metadataOf(call, arn, now()) };
    },
    'kms:GetPublicKey': async (call: Call) => {
      const found = find(call);
      if (!found) return forward(call);
      return {
        KeyId: found.arn,
        PublicKey: createPublicKey(found.key).export({ format: 'der', type: 'spki' }).toString('base64'),
        KeySpec: SPEC,
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: [ALGORITHM, 'ED25519_PH_SHA_512'],
      };
    },
    'kms:Sign': async (call: Call) => {
      const found = find(call);
      if (!found) return forward(call);
      const { Message, MessageType, SigningAlgorithm } = parseInput(SignRequest, call.input);
      // Ed25519ph over a digest is the other algorithm, which node:crypto does not have.
      if (SigningAlgorithm !== ALGORITHM || MessageType !== 'RAW')
        throw awsError(
          'ValidationException',
          `${SigningAlgorithm} of a ${MessageType} message is not supported here.`,
          400,
        );
      const message = Buffer.from(Message, 'base64');
      if (message.length > MESSAGE_BYTES)
        throw awsError('ValidationException', `Message must have a length of ${MESSAGE_BYTES} at most.`, 400);
      return {
        KeyId: found.arn,
        Signature: sign(null, message, found.key).toString('base64'),
        SigningAlgorithm: ALGORITHM,
      };
    },
  };
};

const arnOf = ({ accountId, region }: Call, id: string): string =>
  `arn:${partitionOf(region)}:kms:${region}:${accountId}:key/${id}`;

const metadataOf = ({ accountId }: Call, arn: string, createdAt: Date) => ({
  AWSAccountId: accountId,
  KeyId: arn.split('/').at(-1),
  Arn: arn,
  CreationDate: toJsonTime(createdAt),
  Enabled: true,
  Description: '',
  KeyUsage: 'SIGN_VERIFY',
  KeyState: 'Enabled',
  Origin: 'AWS_KMS',
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: SPEC,
  KeySpec: SPEC,
  SigningAlgorithms: [ALGORITHM, 'ED25519_PH_SHA_512'],
  MultiRegion: false,
});
