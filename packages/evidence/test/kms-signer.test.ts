import { generateKeyPairSync, sign } from 'node:crypto';

import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { kmsSigner } from '../src/index.ts';

const KEY = 'arn:aws:kms:eu-west-1:999988887777:key/1234abcd';

const clientOf = (publicKey: () => Uint8Array, signature: (message: Uint8Array) => Uint8Array) =>
  fakeSession({
    allow: ['kms:GetPublicKey', 'kms:Sign'],
    answers: [
      on(KMSClient, GetPublicKeyCommand, () => ({ PublicKey: publicKey() })),
      on(KMSClient, SignCommand, ({ Message = new Uint8Array() }) => ({ Signature: signature(Message) })),
    ],
  }).client(KMSClient);

const pair = generateKeyPairSync('ed25519');
const der = () => pair.publicKey.export({ format: 'der', type: 'spki' });

const MISSING = [
  ['is gone', awsError('NotFoundException', 'Key 1234abcd does not exist'), 'NotFoundException'],
  ['is disabled', awsError('DisabledException', 'it is disabled'), 'DisabledException'],
  ['is to be deleted', awsError('KMSInvalidStateException', 'it is pending deletion'), 'KMSInvalidState'],
  ['refuses the caller', awsError('AccessDeniedException', 'no policy allows it', 400), 'AccessDenied'],
] as const;

test.each(MISSING)(
  'a key that %s is named, with what would help, before and while it signs',
  async (_, error, code) => {
    const failing = () => {
      throw error;
    };
    const expected = {
      kind: 'permanent',
      code: 'no-signing-key',
      message: expect.stringContaining(`The signing key ${KEY} cannot be used. Enable it`) as string,
      cause: expect.objectContaining({ name: expect.stringContaining(code) as string }) as Error,
    };
    await expect(kmsSigner(clientOf(failing, failing), KEY)).rejects.toMatchObject(expected);
    const signer = await kmsSigner(clientOf(der, failing), KEY);
    await expect(signer.sign(Buffer.from('head'))).rejects.toMatchObject(expected);
  },
);

test('a key of another kind is named', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const client = clientOf(
    () => rsa.export({ format: 'der', type: 'spki' }),
    () => new Uint8Array(),
  );
  await expect(kmsSigner(client, KEY)).rejects.toMatchObject({
    code: 'no-signing-key',
    cause: { message: expect.stringContaining('A key for rsa cannot sign heads.') as string },
  });
});

test('KMS that is away for a moment is not taken for a missing key', async () => {
  const away = () => {
    throw awsError('KMSInternalException', 'internal', 500);
  };
  const signer = await kmsSigner(clientOf(der, away), KEY);
  await expect(signer.sign(Buffer.from('head'))).rejects.toMatchObject({ name: 'KMSInternalException' });
});

test('a signature that does not verify is never returned', async () => {
  const bytes = Buffer.from('head');
  const good = await kmsSigner(
    clientOf(der, (message) => sign(null, message, pair.privateKey)),
    KEY,
  );
  expect(await good.sign(bytes)).toHaveLength(64);
  const bad = await kmsSigner(
    clientOf(der, () => new Uint8Array(64)),
    KEY,
  );
  await expect(bad.sign(bytes)).rejects.toThrow(`The signature by ${KEY} does not verify`);
});
