import * as z from 'zod';

import { didYouMean } from './did-you-mean.ts';
import { PARTITIONS, type PartitionId } from './partitions.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.keys` forgets the keys' type.
const PARTITION_IDS = Object.keys(PARTITIONS) as PartitionId[];

/** A partition of AWS, the second part of an ARN: `aws`, `aws-cn`. */
export const Partition = z.enum(PARTITION_IDS);

const PATTERN = `^(?:${PARTITION_IDS.map((id) => PARTITIONS[id].pattern).join('|')})$`;

/** An AWS Region, such as `eu-west-1`. One that AWS opened after this release is accepted too, by its form. */
export const Region = z
  .string()
  .regex(new RegExp(PATTERN), { error: ({ input }) => notARegion(String(input)) });

/** `'eu-wst-1' is not an AWS Region - did you mean 'eu-west-1'?` */
export const notARegion = (text: string): string =>
  `'${text}' is not an AWS Region${didYouMean(text, knownRegions())}`;

/** Every Region of every partition that this release knows. */
export const knownRegions = (): readonly string[] => PARTITION_IDS.flatMap((id) => PARTITIONS[id].regions);

/**
 * Whether AWS could have a Region of this name. AWS names the place in a Region by compass point or `central`: so a
 * `eu-west-9` may exist one day, and an `eu-wst-1` never.
 */
export const isPlausibleRegion = (region: string): boolean =>
  Region.safeParse(region).success &&
  /-(?:central|north|south|(?:north|south)?(?:east|west))-\d+$/.test(region);

/** The address of STS in a Region. @see https://docs.aws.amazon.com/general/latest/gr/sts.html */
export const stsOrigin = (region: string): string =>
  `https://sts.${region}.${PARTITIONS[partitionOf(region)].dnsSuffix}`;

/** The partition of a Region. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): PartitionId =>
  PARTITION_IDS.find((id) => new RegExp(`^${PARTITIONS[id].pattern}$`).test(region)) ?? 'aws';

/** The Region that has the events of IAM, which is global within its partition. */
export const iamRegionOf = (partition: string): string | undefined => {
  const known = Partition.safeParse(partition);
  return known.success ? PARTITIONS[known.data].iamRegion : undefined;
};

/** The partition that an ARN names. */
export const partitionInArn = (arn: string): string => arn.split(':')[1] ?? 'aws';
