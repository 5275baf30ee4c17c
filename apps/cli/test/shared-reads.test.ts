import {
  GetBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AccountId, createSession } from '@compliance/core';
import { awsError } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { createSharedReads } from '../src/commands/scan/shared-reads.ts';

/** A client whose reads are shared, and how often each bucket was asked for. */
const sharing = (answer: (operation: string) => object | Promise<object>, kept?: number) => {
  const asked: string[] = [];
  const session = createSession({
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    share: createSharedReads(kept),
    intercept: async (operation, input, region) => {
      asked.push(`${region} ${operation} ${JSON.stringify(input)}`);
      return answer(operation);
    },
  });
  return { asked, session, client: session.client(S3Client) };
};

const policyOf = (Bucket: string) => new GetBucketPolicyCommand({ Bucket });

test('an equal read is sent once, at the same time and later', async () => {
  const { asked, client } = sharing(() => ({ Policy: '{}' }));
  const [first, second] = await Promise.all([client.send(policyOf('a')), client.send(policyOf('a'))]);
  expect([first.Policy, second.Policy, (await client.send(policyOf('a'))).Policy]).toEqual([
    '{}',
    '{}',
    '{}',
  ]);
  expect(asked).toHaveLength(1);
});

test('a read of another resource or in another Region is another one', async () => {
  const { asked, session, client } = sharing(() => ({}));
  await client.send(policyOf('a'));
  await client.send(policyOf('b'));
  await session.at('us-east-1').client(S3Client).send(policyOf('a'));
  expect(asked).toHaveLength(3);
});

test('only the last answers are kept, however many resources there are', async () => {
  const { asked, client } = sharing(() => ({}), 2);
  for (const name of ['a', 'b', 'c']) await client.send(policyOf(name));
  await client.send(policyOf('c'));
  expect(asked).toHaveLength(3);
  await client.send(policyOf('a'));
  expect(asked).toHaveLength(4);
});

test('that a resource has no policy is an answer, which is shared', async () => {
  const { asked, client } = sharing(() => {
    throw awsError('NoSuchBucketPolicy');
  });
  await expect(client.send(policyOf('a'))).rejects.toThrow('NoSuchBucketPolicy');
  await expect(client.send(policyOf('a'))).rejects.toThrow('NoSuchBucketPolicy');
  expect(asked).toHaveLength(1);
});

test.for([
  awsError('ThrottlingException'),
  awsError('InternalError', 'InternalError', 500),
  new Error('socket hang up'),
])('after %s, the next read is sent', async (failure) => {
  const { asked, client } = sharing(() => {
    throw failure;
  });
  const both = await Promise.allSettled([client.send(policyOf('a')), client.send(policyOf('a'))]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toHaveLength(1);
  await expect(client.send(policyOf('a'))).rejects.toThrow(failure.message);
  expect(asked).toHaveLength(2);
});

// In AWS, the credentials of a scan that takes long expire within it, and those after them are good.
test.for(['ExpiredToken', 'RequestExpired', 'UnrecognizedClientException', 'AuthFailure'])(
  'that AWS refuses the credentials (%s) is no answer, and the next read is sent',
  async (code) => {
    const { asked, client } = sharing(() => {
      throw awsError(code);
    });
    for (const sent of [1, 2]) {
      await expect(client.send(policyOf('a'))).rejects.toThrow(code);
      expect(asked).toHaveLength(sent);
    }
  },
);

test('what waits for a change reads again, by a session as of a time', async () => {
  const { asked, session, client } = sharing(() => ({}));
  await client.send(policyOf('a'));
  const waiting = session.asOf(session.clock.now());
  for (const of of [waiting, waiting.at('eu-west-1')]) await of.client(S3Client).send(policyOf('a'));
  expect(asked).toHaveLength(3);
  await client.send(policyOf('a'));
  expect(asked).toHaveLength(3);
});

test('what is read while something changes is read again when it has changed', async () => {
  const changed = Promise.withResolvers<object>();
  const { asked, client } = sharing((operation) => (operation.startsWith('Put') ? changed.promise : {}));
  const change = client.send(new PutBucketPolicyCommand({ Bucket: 'a', Policy: '{}' }));
  await client.send(policyOf('a'));
  changed.resolve({});
  await change;
  await client.send(policyOf('a'));
  expect(asked).toHaveLength(3);
});

test('a part of a list is read again, for its continuation expires', async () => {
  const { asked, client } = sharing(() => ({ ContinuationToken: 'more' }));
  for (const input of [{}, {}, { ContinuationToken: 'more' }, { ContinuationToken: 'more' }])
    await client.send(new ListBucketsCommand(input));
  expect(asked).toHaveLength(4);
});

test('what is no read is always sent, and forgets what its service answered', async () => {
  const { asked, client } = sharing(() => ({}));
  await client.send(policyOf('a'));
  await client.send(new PutBucketPolicyCommand({ Bucket: 'a', Policy: '{}' }));
  await client.send(new PutBucketPolicyCommand({ Bucket: 'a', Policy: '{}' }));
  await client.send(policyOf('a'));
  expect(asked).toHaveLength(4);
});
