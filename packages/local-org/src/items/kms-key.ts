import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { capitalsLowerMembers, tagMap } from './camel-case.ts';
import type { ResourceKind } from './resource-kind.ts';

/** The keys of an account, also those that AWS manages. Their policy is text. */
export const kmsKey: ResourceKind = {
  resourceType: 'AWS::KMS::Key',
  global: false,
  // The replicas of a multi-Region key have the id of their primary key.
  namedWithin: 'region',

  list: async ({ clients, place }) => {
    const pages = paginateListKeys({ client: clients(KMSClient, place) }, {});
    return (await Array.fromAsync(pages)).flatMap(({ Keys = [] }) =>
      Keys.flatMap(({ KeyId: id }) => id ?? []),
    );
  },

  describe: async ({ clients, place }, keyId) => {
    const kms = clients(KMSClient, place);
    const input = { KeyId: keyId };
    const described = await undefinedIfNotFound(kms.send(new DescribeKeyCommand(input)), 'NotFoundException');
    const key = described?.KeyMetadata;
    if (key === undefined) return undefined;
    const [policy, rotation, tagged] = await Promise.all([
      kms.send(new GetKeyPolicyCommand({ ...input, PolicyName: 'default' })),
      undefinedIfNotFound(
        kms.send(new GetKeyRotationStatusCommand(input)),
        'UnsupportedOperationException',
        'KMSInvalidStateException',
      ),
      kms.send(new ListResourceTagsCommand(input)),
    ]);
    return {
      resourceId: keyId,
      resourceName: keyId,
      ARN: key.Arn ?? '',
      awsRegion: place.region,
      availabilityZone: 'Not Applicable',
      resourceCreationTime: key.CreationDate?.toISOString() ?? null,
      tags: tagMap(tagged.Tags?.map(({ TagKey: Key, TagValue: Value }) => ({ Key, Value }))),
      configuration: capitalsLowerMembers(key),
      supplementaryConfiguration: {
        KeyRotationStatus: rotation?.KeyRotationEnabled ?? false,
        Policy: policy.Policy ?? null,
      },
    };
  },
};
