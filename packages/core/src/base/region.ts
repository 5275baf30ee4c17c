import * as z from 'zod';

/** An AWS Region, such as `eu-west-1`. */
export const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not an AWS Region');

/** The partitions that the product supports. */
export const Partition = z.enum(['aws', 'aws-cn', 'aws-us-gov']);

/** The address of STS in a Region. @see https://docs.aws.amazon.com/general/latest/gr/sts.html */
export const stsOrigin = (region: string): string =>
  `https://sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;

/** The partition of a Region. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): z.infer<typeof Partition> => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

/** The partition that an ARN names. */
export const partitionInArn = (arn: string): string => arn.split(':')[1] ?? 'aws';
