import { expect, test } from 'vitest';

import { partitionInArn, partitionOf, Region, stsOrigin } from '../../src/base/region.ts';

test.each([
  ['eu-west-1', 'aws', 'https://sts.eu-west-1.amazonaws.com'],
  ['us-gov-west-1', 'aws-us-gov', 'https://sts.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'https://sts.cn-north-1.amazonaws.com.cn'],
])('the Region %s is in partition %s and has STS at %s', (region, partition, origin) => {
  expect(Region.parse(region)).toBe(region);
  expect(partitionOf(region)).toBe(partition);
  expect(stsOrigin(region)).toBe(origin);
});

test.each(['eu-west', 'EU-WEST-1', 'eu_west_1', 'global', 'eu-west-1.example.org', ''])(
  '%j is not a Region',
  (text) => {
    expect(Region.safeParse(text).success).toBe(false);
  },
);

test.each([
  ['arn:aws:sts::999988887777:assumed-role/ops/jo', 'aws'],
  ['arn:aws-cn:iam::111122223333:role/ops', 'aws-cn'],
  ['arn:aws-us-gov:s3:::logs', 'aws-us-gov'],
])('the ARN %s names the partition %s', (arn, partition) => {
  expect(partitionInArn(arn)).toBe(partition);
});
