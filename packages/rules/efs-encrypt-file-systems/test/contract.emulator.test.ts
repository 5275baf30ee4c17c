import {
  CreateFileSystemCommand,
  DescribeFileSystemsCommand,
  EFSClient,
  type CreateFileSystemCommandInput,
} from '@aws-sdk/client-efs';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const fileSystem =
  (input: Partial<CreateFileSystemCommandInput>) =>
  async (admin: Session): Promise<Resource> => {
    const { FileSystemId = '' } = await admin.client(EFSClient).send(
      new CreateFileSystemCommand({
        CreationToken: 'contract',
        Tags: [{ Key: 'owner', Value: 'team-a' }],
        ...input,
      }),
    );
    return { resourceType: 'AWS::EFS::FileSystem', resourceId: FileSystemId };
  };

/** The id of the key, where EFS answers the ARN: AWS Config says no more than that it is a text. */
const item = async (resource: Resource, admin: Session) => {
  const { FileSystems: [found] = [] } = await admin
    .client(EFSClient)
    .send(new DescribeFileSystemsCommand({ FileSystemId: resource.resourceId }));
  const configuration = { Encrypted: found?.Encrypted, KmsKeyId: found?.KmsKeyId?.split('/').at(-1) };
  return itemOf(resource, admin, {
    arn: found?.FileSystemArn ?? '',
    resourceName: resource.resourceId,
    tags: found?.Tags,
    configuration,
  });
};

const keyOf = ({ region, accountId }: Session, id: string) => `arn:aws:kms:${region}:${accountId}:key/${id}`;

describeRuleContract(rule, {
  parameters: { kmsKeyArn: 'arn:{partition}:kms:{region}:{accountId}:key/files' },
  compliant: {
    'a file system encrypted with the key of the settings': (admin) =>
      fileSystem({ Encrypted: true, KmsKeyId: keyOf(admin, 'files') })(admin),
  },
  nonCompliant: {},
  manual: {
    'a file system encrypted with another key': (admin) =>
      fileSystem({ Encrypted: true, KmsKeyId: keyOf(admin, 'other') })(admin),
    'a file system that is not encrypted': fileSystem({ Encrypted: false }),
  },
  item,
  gone: { resourceType: 'AWS::EFS::FileSystem', resourceId: 'fs-00000000' },
});
