import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
} from '@aws-sdk/client-cloudtrail';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { LOG_BUCKET, accountWithTrails as trails } from '@compliance/trails/testing';

import { cloudtrailEnableMultiRegion } from '../src/rule.ts';

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
  parameters: { s3BucketName: LOG_BUCKET },
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
