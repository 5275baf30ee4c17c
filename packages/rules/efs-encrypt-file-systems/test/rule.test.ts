import {
  DescribeFileSystemsCommand,
  EFSClient,
  PerformanceMode,
  type LifeCycleState,
} from '@aws-sdk/client-efs';
import { AccountId, parseConfigurationItem } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const resource = { resourceType: 'AWS::EFS::FileSystem', resourceId: 'fs-1' };

describe('observe.item', () => {
  const observed = (configuration: object) =>
    rule.observe.item?.(
      parseConfigurationItem({
        accountId: '111122223333',
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: new Date('2026-11-20T10:00:00Z'),
        configuration,
      }),
    )?.facts;

  test('the names of the item are those of CloudFormation', () => {
    expect(observed({ Encrypted: false })).toEqual({ encrypted: false, kmsKeyId: null });
    expect(observed({ Encrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k-1' })).toEqual({
      encrypted: true,
      kmsKeyId: 'k-1',
    });
  });

  test.for([{}, { encrypted: true, kmsKeyId: 'k-1' }, { Encrypted: true }, { Encrypted: 'true' }])(
    'the item %j does not say all, so EFS is asked',
    (configuration) => {
      expect(observed(configuration)).toBeUndefined();
    },
  );
});

describe('judge', () => {
  const verdict = (facts: { encrypted: boolean; kmsKeyId: string | null }, kmsKeyArn?: string) =>
    rule.judge(facts, {
      parameters: rule.parameters.parse({ kmsKeyArn }),
      accountId: AccountId.parse('111122223333'),
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20T12:00:00Z'),
    });

  test('any key is enough unless the settings name one', () => {
    const facts = { encrypted: true, kmsKeyId: 'k-1' };
    expect(verdict(facts)).toEqual({ complianceType: 'COMPLIANT' });
    expect(verdict(facts, 'arn:aws:kms:eu-west-1:111122223333:key/k-2')).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'The file system is encrypted with key k-1, not with k-2.',
    });
  });

  test('EFS.1 and EFS.8 of Security Hub are one control', () => {
    expect(rule.equivalents?.securityHub).toEqual(['EFS.1', 'EFS.8']);
  });
});

test.for(['deleting', 'deleted'] as const)('a file system that is %s is gone', async (LifeCycleState) => {
  const session = efs(LifeCycleState);
  await expect(rule.observe.get(resource, { session })).resolves.toBeUndefined();
  await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toEqual([]);
});

const efs = (state: LifeCycleState) =>
  fakeSession({
    allow: rule.permissions.list,
    answers: [
      on(EFSClient, DescribeFileSystemsCommand, () => ({
        FileSystems: [
          {
            OwnerId: '111122223333',
            CreationToken: 'files',
            FileSystemId: 'fs-1',
            CreationTime: new Date('2026-11-20T10:00:00Z'),
            LifeCycleState: state,
            NumberOfMountTargets: 0,
            SizeInBytes: { Value: 0 },
            PerformanceMode: PerformanceMode.GENERAL_PURPOSE,
            Encrypted: false,
            Tags: [],
          },
        ],
      })),
    ],
  });
