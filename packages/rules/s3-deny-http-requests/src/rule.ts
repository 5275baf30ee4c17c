import { change, compliant, defineRule, edit, nonCompliant } from '@compliance/core/rule';
import { parsePolicy } from '@compliance/policy-document';
import {
  BUCKET,
  BUCKET_SHAPE,
  BUCKETS,
  bucketPolicy,
  bucketSetting,
  policyTextOf,
} from '@compliance/s3-bucket';
import * as z from 'zod';

import { denyHttp } from './deny-http.ts';
import { Facts, httpDenialOf } from './http-denial.ts';

export const rule = defineRule({
  command: 'S3_DENY_HTTP_REQUESTS',
  title: 'Bucket policies deny requests that do not use TLS',
  rationale: 'Anybody on the way can read and change what is sent over plain HTTP.',
  severity: 'medium',
  resourceType: BUCKET,
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  impact: 'Clients that use plain HTTP, such as old tools and links to http://, are refused.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.3': ['2.1.2'],
    'cis-1.4': ['2.1.2'],
    'cis-1.5': ['2.1.2'],
    'cis-2.0': ['2.1.1'],
    'cis-3.0': ['2.1.1'],
    'cis-4.0': ['2.1.1'],
    'cis-4.0.1': ['2.1.1'],
    'cis-5.0': ['2.1.1'],
    'cis-6.0': ['3.1.1'],
    'cis-7.0': ['3.1.1'],
    'aws-fsbp': ['S3.5'],
  },
  equivalents: {
    config: ['S3_BUCKET_SSL_REQUESTS_ONLY'],
    securityHub: ['S3.5'],
    prowler: ['s3_bucket_secure_transport_policy'],
    steampipe: ['s3_bucket_enforces_ssl'],
    custodian: ['s3: has-statement / missing-statement'],
  },
  parameters: z.object({
    acceptTlsVersionCondition: z
      .boolean()
      .default(true)
      .describe('Whether NumericLessThanIfExists on s3:TlsVersion, 1.2 or more, denies plain HTTP too.'),
    statementSid: z
      .string()
      .regex(/^[A-Za-z0-9]+$/)
      .default('DenyInsecureTransport')
      .describe('The Sid of the statement that a fix adds.'),
  }),
  facts: Facts,
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketPolicy'],
    fix: [{ action: 's3:PutBucketPolicy', resource: BUCKETS }],
    undo: [
      { action: 's3:PutBucketPolicy', resource: BUCKETS },
      { action: 's3:DeleteBucketPolicy', resource: BUCKETS },
    ],
  },

  observe: bucketSetting({
    item: (item) => {
      const text = policyTextOf(item);
      if (text === undefined || item.arn === undefined) return undefined;
      return httpDenialOf(text === null ? undefined : parsePolicy(text), item.arn);
    },
    read: async (bucket, session) => {
      const policy = await bucketPolicy.read(bucket.Bucket, session);
      return { facts: httpDenialOf(policy, arnOf(bucket.Bucket, session)) };
    },
  }),

  judge: ({ hasPolicy, denial, partial: [first] }, { parameters: { acceptTlsVersionCondition } }) => {
    if (denial === 'transport' || (denial === 'tls-version' && acceptTlsVersionCondition)) return compliant();
    if (denial === 'tls-version') return nonCompliant('Plain HTTP is denied by a TLS version only.');
    if (!hasPolicy) return nonCompliant('The bucket has no policy that denies plain HTTP.');
    return nonCompliant(
      first === undefined
        ? 'No statement of the bucket policy denies plain HTTP.'
        : `Statement ${first.slice(0, 60)} does not deny plain HTTP to everybody, for s3:*, on the bucket and its objects.`,
    );
  },

  fix: ({ resource, parameters, partition }) => {
    const arn = arnOf(resource.resourceId, { partition });
    return change({
      description: `Deny requests over plain HTTP to bucket ${resource.resourceId}`,
      risk: 'disruptive',
      steps: [
        edit(bucketPolicy, (policy) => denyHttp(policy, { sid: parameters.statementSid, arn }), {
          key: resource.resourceId,
        }),
      ],
      inCode: {
        terraform:
          'aws_s3_bucket_policy: policy with a Deny of s3:* for * where Bool aws:SecureTransport is false',
        cloudFormation:
          'AWS::S3::BucketPolicy: PolicyDocument with a Deny of s3:* for * where Bool aws:SecureTransport is false',
      },
    });
  },

  undo: { documents: [bucketPolicy] },
});

const arnOf = (name: string, { partition }: { readonly partition: string }) =>
  `arn:${partition}:s3:::${name}`;
