import { once } from 'node:events';
import { createServer } from 'node:http';

import { GetBucketVersioningCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { createSession } from '../../src/aws/create-session.ts';

const asked = async (bucket: string, { fromEnvironment = false, host = 'localhost' } = {}) => {
  const requests: string[] = [];
  const server = createServer((request, answer) => {
    requests.push(`${request.headers.host?.replace(/:\d+$/, '')} ${request.url}`);
    answer.end('<VersioningConfiguration/>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpoint = `http://${host}:${typeof address === 'object' ? address?.port : ''}`;
  if (fromEnvironment) vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  const session = createSession({
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    ...(!fromEnvironment && { endpoint }),
  });
  const s3 = session.client(S3Client);
  await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'folder/a b' }));
  s3.destroy();
  server.close();
  return requests;
};

test.each([
  ['logs.example.com', { host: 'localhost' }],
  ['logs.example.com', { host: '127.0.0.1' }],
  ['logs', { host: 'localhost' }],
  ['logs.example.com', { host: 'localhost', fromEnvironment: true }],
])('over plain http, the bucket %s is named in the path (%o)', async (bucket, options) => {
  expect(await asked(bucket, options)).toEqual([
    `${options.host} /${bucket}/?versioning=`,
    `${options.host} /${bucket}/folder/a%20b`,
  ]);
});

test('over https, the SDK decides where the bucket is named', async () => {
  const hosts: string[] = [];
  const session = createSession({
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const s3 = session.client(S3Client);
  s3.middlewareStack.add(
    () => (args) => {
      hosts.push(String(Reflect.get(Object(args.request), 'hostname')));
      throw new Error('not sent');
    },
    { step: 'deserialize', name: 'stop', priority: 'low' },
  );
  await expect(s3.send(new GetBucketVersioningCommand({ Bucket: 'logs' }))).rejects.toThrow('not sent');
  expect(hosts).toEqual(['logs.s3.eu-west-1.amazonaws.com']);
});
