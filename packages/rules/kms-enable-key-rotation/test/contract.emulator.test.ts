import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  type CreateKeyCommandInput,
} from '@aws-sdk/client-kms';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

interface KeyFixture extends CreateKeyCommandInput {
  readonly periodInDays?: number;
  readonly end?: (client: KMSClient, key: { readonly KeyId: string }) => Promise<unknown>;
}

const key =
  ({ periodInDays, end, ...input }: KeyFixture = {}) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(KMSClient);
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Tags: [{ TagKey: 'owner', TagValue: 'team-a' }], ...input }),
    );
    const KeyId = KeyMetadata?.KeyId ?? '';
    if (periodInDays !== undefined)
      await client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: periodInDays }));
    await end?.(client, { KeyId });
    return { resourceType: 'AWS::KMS::Key', resourceId: KeyId };
  };

/** A replica in the session's Region of a key in another one. */
const replica = (fixture: KeyFixture) => async (admin: Session) => {
  const primary = await key({ ...fixture, MultiRegion: true })(admin.at('us-east-1'));
  await admin
    .at('us-east-1')
    .client(KMSClient)
    .send(new ReplicateKeyCommand({ KeyId: primary.resourceId, ReplicaRegion: admin.region }));
  return primary;
};

const item = async ({ resourceId: KeyId, resourceType }: Resource, admin: Session) => {
  const client = admin.client(KMSClient);
  const { KeyMetadata: found } = await client.send(new DescribeKeyCommand({ KeyId }));
  const rotates = found?.KeySpec === 'SYMMETRIC_DEFAULT' && found.Origin === 'AWS_KMS';
  const status = rotates && (await client.send(new GetKeyRotationStatusCommand({ KeyId })));
  const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
  const { MultiRegionConfiguration: multiRegion } = found ?? {};
  return itemOf({ resourceType, resourceId: KeyId }, admin, {
    arn: found?.Arn ?? '',
    resourceName: KeyId,
    tags: Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })),
    configuration: {
      keyManager: found?.KeyManager,
      keyState: found?.KeyState,
      keySpec: found?.KeySpec,
      origin: found?.Origin,
      multiRegion: found?.MultiRegion,
      multiRegionConfiguration: multiRegion && {
        multiRegionKeyType: multiRegion.MultiRegionKeyType,
        primaryKey: { region: multiRegion.PrimaryKey?.Region },
      },
    },
    supplementaryConfiguration: { KeyRotationStatus: status && status.KeyRotationEnabled },
  });
};

const gone = { resourceType: 'AWS::KMS::Key', resourceId: '11111111-2222-3333-4444-555555555555' };

describeRuleContract(rule, {
  compliant: {
    'a key that rotates': key({ periodInDays: 365 }),
    'a replica of a key that rotates': replica({ periodInDays: 365 }),
  },
  nonCompliant: {
    'a key that does not rotate': key(),
    'a replica of a key that does not rotate, which only its primary key can change': replica({}),
  },
  notApplicable: {
    'an RSA key': key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }),
    'a key with imported material': key({ Origin: 'EXTERNAL' }),
    'a key that is disabled': key({
      end: (client, disabled) => client.send(new DisableKeyCommand(disabled)),
    }),
    'a key that is to be deleted': key({
      end: (client, deleted) => client.send(new ScheduleKeyDeletionCommand(deleted)),
    }),
  },
  item,
  gone,
  unproven: { 'kms:EnableKeyRotation': 'The contract below proves it, also as an undo.' },
});

describeRuleContract(rule, {
  parameters: { maxRotationPeriodInDays: 180 },
  compliant: { 'a key that rotates often enough': key({ periodInDays: 180 }) },
  nonCompliant: {
    'a key that rotates too rarely': key({ periodInDays: 365 }),
    'a key that does not rotate, to do so within the period': key(),
  },
  item,
});
