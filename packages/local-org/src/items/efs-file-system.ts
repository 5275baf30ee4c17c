import {
  DescribeBackupPolicyCommand,
  DescribeFileSystemsCommand,
  DescribeLifecycleConfigurationCommand,
  EFSClient,
} from '@aws-sdk/client-efs';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

const client = ({ clients, place }: ReadContext): EFSClient => clients(EFSClient, place);

/** A file system. Its item has the names of the CloudFormation type: in Pascal case. */
export const efsFileSystem: ResourceKind = {
  resourceType: 'AWS::EFS::FileSystem',
  global: false,

  list: async (reader) => {
    const { FileSystems = [] } = await client(reader).send(new DescribeFileSystemsCommand({ MaxItems: 100 }));
    return FileSystems.flatMap(({ FileSystemId: id }) => id ?? []);
  },

  describe: async (reader, FileSystemId) => {
    const efs = client(reader);
    const answer = await undefinedIfNotFound(
      efs.send(new DescribeFileSystemsCommand({ FileSystemId })),
      'FileSystemNotFound',
    );
    const [found] = answer?.FileSystems ?? [];
    if (found === undefined) return undefined;
    const [backup, { LifecyclePolicies = [] }] = await Promise.all([
      undefinedIfNotFound(efs.send(new DescribeBackupPolicyCommand({ FileSystemId })), 'PolicyNotFound'),
      efs.send(new DescribeLifecycleConfigurationCommand({ FileSystemId })),
    ]);
    return {
      resourceId: FileSystemId,
      resourceName: FileSystemId,
      ARN: found.FileSystemArn ?? '',
      awsRegion: reader.place.region,
      availabilityZone: 'Regional',
      resourceCreationTime: found.CreationTime?.toISOString() ?? null,
      tags: tagMap(found.Tags),
      configuration: {
        Arn: found.FileSystemArn,
        FileSystemId,
        Encrypted: found.Encrypted,
        KmsKeyId: found.KmsKeyId,
        PerformanceMode: found.PerformanceMode,
        ThroughputMode: found.ThroughputMode,
        BackupPolicy: backup?.BackupPolicy ?? { Status: 'DISABLED' },
        LifecyclePolicies,
        FileSystemTags: found.Tags,
      },
    };
  },
};
