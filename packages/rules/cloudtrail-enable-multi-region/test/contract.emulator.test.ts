import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type CreateTrailCommandInput,
  type PutEventSelectorsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { hasCode, type Resource, type Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { cloudtrailEnableMultiRegion } from '../src/rule.ts';

/** One central bucket for all accounts, as in an organization. */
const BUCKET = 'central-trail-logs-of-the-organization';

const account = (admin: Session): Resource => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const withBucket = async (admin: Session) => {
  try {
    await admin.client(S3Client).send(
      new CreateBucketCommand({
        Bucket: BUCKET,
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
  } catch (error) {
    if (!hasCode(error, 'BucketAlreadyExists', 'BucketAlreadyOwnedByYou')) throw error;
  }
};

interface TrailSeed extends Partial<CreateTrailCommandInput> {
  readonly stopped?: boolean;
  readonly home?: string;
  readonly selectors?: Partial<PutEventSelectorsCommandInput>;
}

/** An account with these trails; each multi-Region and logging unless its seed says otherwise. */
const trails =
  (...seeds: readonly TrailSeed[]) =>
  async (admin: Session): Promise<Resource> => {
    await withBucket(admin);
    for (const [index, { stopped = false, home = admin.region, selectors, ...input }] of seeds.entries()) {
      const client = admin.at(home).client(CloudTrailClient);
      const Name = `trail-${index}`;
      await client.send(
        new CreateTrailCommand({ Name, S3BucketName: BUCKET, IsMultiRegionTrail: true, ...input }),
      );
      if (!stopped) await client.send(new StartLoggingCommand({ Name }));
      if (selectors) await client.send(new PutEventSelectorsCommand({ TrailName: Name, ...selectors }));
    }
    return account(admin);
  };

const advanced = (...fields: readonly { Field: string; Equals?: string[]; NotEquals?: string[] }[]) => ({
  Name: 'management',
  FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...fields],
});

/** The settings of each trail, without the two that a fix may change. */
const choices = () => {
  const seen = new Map<string, readonly string[]>();
  return async ({ resourceId }: Resource, admin: Session) => {
    const { trailList = [] } = await admin.client(CloudTrailClient).send(new DescribeTrailsCommand({}));
    const known = seen.get(resourceId) ?? trailList.map(({ TrailARN = '' }) => TrailARN);
    seen.set(resourceId, known);
    return Promise.all(
      trailList
        .filter(({ TrailARN = '' }) => known.includes(TrailARN))
        .map(async ({ IsMultiRegionTrail: _multi, IncludeGlobalServiceEvents: _global, ...rest }) => {
          const client = admin.at(rest.HomeRegion ?? admin.region).client(CloudTrailClient);
          const { EventSelectors, AdvancedEventSelectors } = await client.send(
            new GetEventSelectorsCommand({ TrailName: rest.TrailARN }),
          );
          return { ...rest, EventSelectors, AdvancedEventSelectors };
        }),
    );
  };
};

describeRuleContract(cloudtrailEnableMultiRegion, {
  parameters: { s3BucketName: BUCKET },
  compliant: {
    'an account whose trail lives in another Region': trails({ home: 'us-east-1' }),
    'an account with one good trail among others': trails(
      { stopped: true },
      { IsMultiRegionTrail: false },
      {},
    ),
    'an account whose selectors record the two halves': trails({
      selectors: {
        AdvancedEventSelectors: [
          advanced({ Field: 'readOnly', Equals: ['true'] }),
          advanced({ Field: 'readOnly', Equals: ['false'] }),
        ],
      },
    }),
  },
  nonCompliant: {
    'an account without a trail': trails(),
    'an account whose only trail covers another Region': trails({
      IsMultiRegionTrail: false,
      IncludeGlobalServiceEvents: false,
      EnableLogFileValidation: true,
      home: 'us-east-1',
    }),
    'an account whose trail covers one Region and is stopped': trails({
      IsMultiRegionTrail: false,
      stopped: true,
    }),
    'an account with a trail to fix beside one that a person must fix': trails(
      { selectors: { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] } },
      { stopped: true },
    ),
  },
  manual: {
    'an account whose trail leaves out a source': trails({
      selectors: {
        AdvancedEventSelectors: [advanced({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] })],
      },
    }),
  },
  untouched: choices(),
});
