import { sampleChangeEvent, sampleScheduledEvent } from '../../packages/core/src/testing/sample-events.ts';
import { bucketName } from './fake-aws/s3.ts';
import { REGION } from './start-fake-aws.ts';

/** The rule that the bench runs. */
export const COMMAND = 'S3_ENABLE_VERSIONING';

export const MASTER = '999999999999';
export const MEMBER = '111122223333';

type Mode = 'observe' | 'plan' | 'auto';

/** The objects of the settings bucket, for members with these modes. */
export const settingsObjects = (modes: Readonly<Record<string, Mode>>) => ({
  'settings.json': {
    organization: {
      masterAccountId: MASTER,
      externalId: 'bench',
      homeRegion: REGION,
      regions: [REGION],
    },
    accounts: Object.keys(modes).map((id) => ({ id, name: id, groups: [id], owner: 'owner@example.com' })),
    rules: {
      [COMMAND]: {
        groups: Object.fromEntries(Object.entries(modes).map(([id, mode]) => [id, { mode }])),
      },
    },
  },
  'exemptions.json': { exemptions: [] },
});

/** The event of a changed bucket; the item contains its versioning. */
export const changeEvent = (accountId: string, index: number, status: 'Enabled' | 'Off') => {
  const name = bucketName(index);
  const item = {
    resourceId: name,
    resourceName: name,
    ARN: `arn:aws:s3:::${name}`,
    supplementaryConfiguration: { BucketVersioningConfiguration: { status, isMfaDeleteEnabled: null } },
  };
  return sampleChangeEvent({ accountId, region: REGION, command: COMMAND, item });
};

/** The event of a scheduled sweep; a later one is newer than the verdicts of the one before. */
export const sweepEvent = (notificationTime = new Date().toISOString()) =>
  sampleScheduledEvent({
    accountId: MEMBER,
    region: REGION,
    command: COMMAND,
    invokingEvent: { notificationCreationTime: notificationTime },
  });

/** The payload of the SSM document for one bucket without versioning. */
export const remediationEvent = () => ({
  complianceCommand: COMMAND,
  resourceType: 'AWS::S3::Bucket',
  resourceId: bucketName(1),
  accountId: MEMBER,
  region: REGION,
  partition: 'aws',
  executionId: 'bench-1',
});
