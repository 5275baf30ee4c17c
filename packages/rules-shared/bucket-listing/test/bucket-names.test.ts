import { ListBucketsCommand, S3Client, type ListBucketsCommandInput } from '@aws-sdk/client-s3';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { bucketNames } from '../src/index.ts';

test('the buckets of a Region are listed with all pages, once for all rules', async () => {
  const asked: string[] = [];
  const session = fakeSession({
    allow: ['s3:ListAllMyBuckets'],
    answers: [
      on(
        S3Client,
        ListBucketsCommand,
        ({ BucketRegion = '', ContinuationToken }: ListBucketsCommandInput) => {
          asked.push(`${BucketRegion} ${ContinuationToken}`);
          return ContinuationToken === undefined
            ? { Buckets: [{ Name: `first-${BucketRegion}` }, {}], ContinuationToken: 'next' }
            : { Buckets: [{ Name: `second-${BucketRegion}` }] };
        },
      ),
    ],
  });
  const here = session.at('eu-west-1');
  await expect(Promise.all([bucketNames(here), bucketNames(here)])).resolves.toEqual([
    ['first-eu-west-1', 'second-eu-west-1'],
    ['first-eu-west-1', 'second-eu-west-1'],
  ]);
  await expect(bucketNames(session.at('eu-central-1'))).resolves.toEqual([
    'first-eu-central-1',
    'second-eu-central-1',
  ]);
  expect(asked).toEqual([
    'eu-west-1 undefined',
    'eu-west-1 next',
    'eu-central-1 undefined',
    'eu-central-1 next',
  ]);
});
