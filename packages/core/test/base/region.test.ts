import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { PARTITIONS } from '../../src/base/partitions.ts';
import {
  iamRegionOf,
  isPlausibleRegion,
  knownRegions,
  Partition,
  partitionInArn,
  partitionOf,
  Region,
  stsOrigin,
} from '../../src/base/region.ts';

test.each([
  ['eu-west-1', 'aws', 'https://sts.eu-west-1.amazonaws.com'],
  ['us-gov-west-1', 'aws-us-gov', 'https://sts.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'https://sts.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1', 'aws-eusc', 'https://sts.eusc-de-east-1.amazonaws.eu'],
  ['us-iso-east-1', 'aws-iso', 'https://sts.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'https://sts.us-isob-east-1.sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'https://sts.eu-isoe-west-1.cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'https://sts.us-isof-south-1.csp.hci.ic.gov'],
])('the Region %s is in partition %s and has STS at %s', (region, partition, origin) => {
  expect(Region.parse(region)).toBe(region);
  expect(partitionOf(region)).toBe(partition);
  expect(stsOrigin(region)).toBe(origin);
});

test.each(['eu-west', 'EU-WEST-1', 'eu_west_1', 'global', 'eu-west-1.example.org', 'xx-west-1', ''])(
  '%j is not a Region',
  (text) => {
    expect(Region.safeParse(text).success).toBe(false);
  },
);

test.each([
  ['eu-west-9', true],
  ['us-gov-central-1', true],
  ['ap-northeast-4', true],
  ['eu-wst-1', false],
  ['eu-west', false],
])('whether AWS could have a Region %s: %s', (region, isPlausible) => {
  expect(Region.safeParse(region).success || !isPlausible).toBe(true);
  expect(isPlausibleRegion(region)).toBe(isPlausible);
});

test('every known Region has a name that AWS could give, and is in the partition that lists it', () => {
  for (const [partition, { regions }] of Object.entries(PARTITIONS))
    for (const region of regions) {
      expect(isPlausibleRegion(region)).toBe(true);
      expect(partitionOf(region)).toBe(partition);
    }
  expect(knownRegions()).toContain('eusc-de-east-1');
});

describe('the table of partitions', () => {
  const Data = z.object({
    partitions: z.array(
      z.object({
        id: z.string(),
        outputs: z.object({ dnsSuffix: z.string() }),
        regionRegex: z.string(),
        regions: z.record(z.string(), z.unknown()),
      }),
    ),
  });

  /** The partitions that the installed SDK knows. It exports only a lookup, so its file is read. */
  const ofSdk = () => {
    const client = createRequire(import.meta.url).resolve('@aws-sdk/client-sts');
    const core = createRequire(client).resolve('@aws-sdk/core/package.json');
    const file = join(core, '../dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
    const [, json = ''] = /= (\{.*?\n\});/s.exec(readFileSync(file, 'utf8')) ?? [];
    return Data.parse(JSON.parse(json)).partitions;
  };

  test('the table has the partitions, domains, patterns and Regions of the AWS SDK', () => {
    const sdk = ofSdk().map(({ id, outputs: { dnsSuffix }, regionRegex, regions }) => [
      id,
      {
        dnsSuffix,
        pattern: regionRegex.replaceAll(/^\^|\$$/g, '').replaceAll(String.raw`\-`, '-'),
        regions: Object.keys(regions).filter((region) => !region.endsWith('-global')),
      },
    ]);
    const own = Object.entries(PARTITIONS).map(([id, { dnsSuffix, pattern, regions }]) => [
      id,
      { dnsSuffix, pattern, regions },
    ]);
    expect(own).toEqual(sdk);
  });

  test('the Region of IAM is one of the partition', () => {
    for (const id of Partition.options) expect(PARTITIONS[id].regions).toContain(iamRegionOf(id));
    expect(iamRegionOf('aws-mars')).toBeUndefined();
  });
});

test.each([
  ['arn:aws:sts::999988887777:assumed-role/ops/jo', 'aws'],
  ['arn:aws-cn:iam::111122223333:role/ops', 'aws-cn'],
  ['arn:aws-us-gov:s3:::logs', 'aws-us-gov'],
])('the ARN %s names the partition %s', (arn, partition) => {
  expect(partitionInArn(arn)).toBe(partition);
});
