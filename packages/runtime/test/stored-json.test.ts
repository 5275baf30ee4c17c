import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsError, fakeSession, type FakeAnswer } from '@compliance/core/testing';
import { expect, test, vi } from 'vitest';

import { readStoredJson } from '../src/stored-json.ts';

const operation = new GetObjectCommand({ Bucket: '', Key: '' }).constructor.name.replace(/Command$/, '');
const bucketWith = (answer: FakeAnswer['answer']) =>
  fakeSession({ allow: ['s3:GetObject'], answers: [{ operation, answer }] });
const storing = (text: string) => bucketWith(() => ({ Body: { transformToString: async () => text } }));

test('an object is read as JSON', async () => {
  const session = storing('{"accounts":[]}');
  await expect(readStoredJson(session, 'settings', 'settings.json')).resolves.toEqual({ accounts: [] });
  expect(session.sent).toEqual([
    {
      operation: 'GetObject',
      input: { Bucket: 'settings', Key: 'settings.json', ExpectedBucketOwner: session.accountId },
    },
  ]);
  expect(session.client(S3Client)).toBe(session.client(S3Client));
});

test.each([
  ['not JSON', storing('accounts: []')],
  ['truncated', storing('{"accounts":[')],
  ['empty', storing('')],
  ['without a body', bucketWith(() => ({}))],
])('an object that is %s is refused by its name', async (_, session) => {
  await expect(readStoredJson(session, 'settings', 'settings.json')).rejects.toMatchObject({
    message: "Not JSON: s3://settings/settings.json. Publish the settings again with 'make settings'.",
    cause: expect.any(SyntaxError) as SyntaxError,
  });
});

test('an object that is too large is not read', async () => {
  const destroy = vi.fn<() => void>();
  const session = bucketWith(() => ({
    ContentLength: 5_000_001,
    Body: { transformToString: () => Promise.reject(new Error('was read')), destroy },
  }));
  await expect(readStoredJson(session, 'settings', 'exemptions.json')).rejects.toThrow(
    'Object too large: s3://settings/exemptions.json has 5000001 bytes. The limit is 5000000.',
  );
  expect(destroy).toHaveBeenCalledOnce();
});

test('a missing object is the error of AWS', async () => {
  const session = bucketWith(() => {
    throw awsError('NoSuchKey', 'The key does not exist.', 404);
  });
  await expect(readStoredJson(session, 'settings', 'settings.json')).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
});
