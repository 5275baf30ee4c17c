import type { AdvancedEventSelector } from '@aws-sdk/client-cloudtrail';

import type { Half } from '../object-events.ts';
import { accountWithTrails as trails, LOG_BUCKET } from './trail-fixtures.ts';

const objects = (readOnly?: 'true' | 'false', ...without: readonly string[]): AdvancedEventSelector => ({
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    ...(readOnly ? [{ Field: 'readOnly', Equals: [readOnly] }] : []),
    ...(without.length > 0 ? [{ Field: 'resources.ARN', NotStartsWith: [...without] }] : []),
  ],
});

const basic = (ReadWriteType: 'All' | 'ReadOnly' | 'WriteOnly', ...Values: string[]) => ({
  ReadWriteType,
  IncludeManagementEvents: true,
  DataResources: [{ Type: 'AWS::S3::Object', Values }],
});

/** The fixtures of a rule on reads, or on writes, of S3 objects. */
export const objectEventFixtures = (half: Half) => {
  const [own, other] = half === 'reads' ? (['true', 'false'] as const) : (['false', 'true'] as const);
  const otherHalf = half === 'reads' ? 'WriteOnly' : 'ReadOnly';
  return {
    parameters: { trailName: 'trail-0', excludeBuckets: ['scratch'] },
    compliant: {
      'an account whose trail records all objects': trails({
        selectors: { EventSelectors: [basic('All', 'arn:aws:s3')] },
      }),
      'an account whose trail leaves out its log bucket and what the settings tolerate': trails(
        { stopped: true },
        {
          selectors: {
            AdvancedEventSelectors: [objects(own, `arn:aws:s3:::${LOG_BUCKET}/`, 'arn:aws:s3:::scratch/')],
          },
        },
      ),
    },
    nonCompliant: {
      'an account whose trail of another Region has the default selector': trails({ home: 'us-east-1' }),
      'an account whose trail records the other half and one bucket, by basic selectors': trails({
        selectors: {
          EventSelectors: [basic(otherHalf, 'arn:aws:s3:::'), basic('All', 'arn:aws:s3:::one/')],
        },
      }),
      'an account whose trail records the other half, by an advanced selector': trails({
        selectors: { AdvancedEventSelectors: [objects(other)] },
      }),
    },
    manual: {
      'an account without a trail': trails(),
      'an account whose trail is stopped': trails({ stopped: true }),
    },
  };
};
