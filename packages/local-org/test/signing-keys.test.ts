import { createPublicKey, verify } from 'node:crypto';

import { expect, test } from 'vitest';
import * as z from 'zod';

import { createSigningKeys } from '../src/org/signing-keys.ts';
import { call } from './call.ts';

const FORWARDED = { type: 'raw', status: 200, headers: {}, body: 'the emulator' } as const;
const open = () =>
  createSigningKeys({ forward: async () => FORWARDED, now: () => new Date('2026-11-29T10:00:00Z') });

const KEY = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' };
const Created = z.object({ KeyMetadata: z.object({ Arn: z.string() }) });
const Public = z.object({ PublicKey: z.string() });
const Signed = z.object({ Signature: z.string() });

const createKey = async (keys: ReturnType<typeof open>) =>
  Created.parse(await keys['kms:CreateKey'](call('kms:CreateKey', KEY))).KeyMetadata.Arn;

const RAW = { MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' };
const message = Buffer.from('a head');

test('a key for Ed25519 signs what its public key verifies, the same message with the same signature', async () => {
  const keys = open();
  const KeyId = await createKey(keys);
  const sign = async () =>
    Signed.parse(
      await keys['kms:Sign'](call('kms:Sign', { KeyId, Message: message.toString('base64'), ...RAW })),
    ).Signature;
  const { PublicKey } = Public.parse(await keys['kms:GetPublicKey'](call('kms:GetPublicKey', { KeyId })));
  const key = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' });
  expect(verify(null, message, key, Buffer.from(await sign(), 'base64'))).toBe(true);
  expect(await sign()).toBe(await sign());
  // By its id, too, in its own account alone.
  const short = { KeyId: KeyId.split('/').at(-1) };
  expect(await keys['kms:GetPublicKey'](call('kms:GetPublicKey', short))).toMatchObject({ KeyId });
  expect(await keys['kms:GetPublicKey'](call('kms:GetPublicKey', short, '444455556666'))).toBe(FORWARDED);
});

test('other keys are those of the emulator', async () => {
  const keys = open();
  for (const operation of ['kms:CreateKey', 'kms:GetPublicKey', 'kms:Sign'] as const)
    expect(await keys[operation](call(operation, { KeyId: 'other' }))).toBe(FORWARDED);
});

test.each([
  ['a digest', { MessageType: 'DIGEST', SigningAlgorithm: 'ED25519_PH_SHA_512' }, message],
  ['another algorithm', { MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }, message],
  ['a message that is too long', RAW, Buffer.alloc(4097)],
])('%s is refused', async (_, how, bytes) => {
  const keys = open();
  const KeyId = await createKey(keys);
  await expect(
    keys['kms:Sign'](call('kms:Sign', { KeyId, Message: bytes.toString('base64'), ...how })),
  ).rejects.toMatchObject({ code: 'ValidationException' });
});
