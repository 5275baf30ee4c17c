import { CloudFrontClient, GetFunctionCommand } from '@aws-sdk/client-cloudfront';
import { GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';
import { VIEWER_FUNCTION, dashboardBucket } from '@compliance/infra';

import { undefinedIfNotFound, type Fragment } from './fragment.ts';

/** Reads the bucket of the hosted dashboard, and the function that admits its viewers. */
export const readDashboard = async (home: Session): Promise<Fragment> => {
  const { accountId, region } = home;
  const name = dashboardBucket(accountId);
  const [location, viewers] = await Promise.all([
    undefinedIfNotFound(
      home
        .client(S3Client)
        .send(new GetBucketLocationCommand({ Bucket: name, ExpectedBucketOwner: accountId })),
      'NoSuchBucket',
    ),
    undefinedIfNotFound(
      home.client(CloudFrontClient).send(new GetFunctionCommand({ Name: VIEWER_FUNCTION, Stage: 'LIVE' })),
      'NoSuchFunctionExists',
    ),
  ]);
  return {
    // S3 returns no location for us-east-1.
    buckets: location ? [{ accountId, region: location.LocationConstraint ?? 'us-east-1', name }] : [],
    viewerFunctions: viewers
      ? [{ accountId, name: VIEWER_FUNCTION, code: viewers.FunctionCode?.transformToString('utf8') }]
      : [],
    coverage: [{ part: 'dashboard', accountId, region }],
  };
};
