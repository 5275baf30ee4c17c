/** A separate AWS: its ARNs, host names, credentials and Regions are its own. */
interface PartitionOfAws {
  /** The domain of the host names of its services. */
  readonly dnsSuffix: string;
  /** The form of the names of its Regions. A Region that AWS opens later fits it too. */
  readonly pattern: string;
  /** The Region that signs requests to IAM and has IAM's events. */
  readonly iamRegion: string;
  readonly regions: readonly string[];
}

/**
 * Every partition and Region of AWS: the one table that the product has of them.
 * Partitions, domains, patterns and Regions are those of the AWS SDK, which a test compares; the Regions of IAM are those
 * of botocore's `endpoints.json`.
 */
export const PARTITIONS = {
  aws: {
    dnsSuffix: 'amazonaws.com',
    pattern: String.raw`(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+`,
    iamRegion: 'us-east-1',
    regions: [
      'af-south-1',
      'ap-east-1',
      'ap-east-2',
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
      'ap-south-2',
      'ap-southeast-1',
      'ap-southeast-2',
      'ap-southeast-3',
      'ap-southeast-4',
      'ap-southeast-5',
      'ap-southeast-6',
      'ap-southeast-7',
      'ca-central-1',
      'ca-west-1',
      'eu-central-1',
      'eu-central-2',
      'eu-north-1',
      'eu-south-1',
      'eu-south-2',
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'il-central-1',
      'me-central-1',
      'me-south-1',
      'me-west-1',
      'mx-central-1',
      'sa-east-1',
      'sa-west-1',
      'us-east-1',
      'us-east-2',
      'us-west-1',
      'us-west-2',
    ],
  },
  'aws-cn': {
    dnsSuffix: 'amazonaws.com.cn',
    pattern: String.raw`cn-\w+-\d+`,
    iamRegion: 'cn-north-1',
    regions: ['cn-north-1', 'cn-northwest-1'],
  },
  'aws-eusc': {
    dnsSuffix: 'amazonaws.eu',
    pattern: String.raw`eusc-(de)-\w+-\d+`,
    iamRegion: 'eusc-de-east-1',
    regions: ['eusc-de-east-1'],
  },
  'aws-iso': {
    dnsSuffix: 'c2s.ic.gov',
    pattern: String.raw`us-iso-\w+-\d+`,
    iamRegion: 'us-iso-east-1',
    regions: ['us-iso-east-1', 'us-iso-west-1'],
  },
  'aws-iso-b': {
    dnsSuffix: 'sc2s.sgov.gov',
    pattern: String.raw`us-isob-\w+-\d+`,
    iamRegion: 'us-isob-east-1',
    regions: ['us-isob-east-1', 'us-isob-west-1'],
  },
  'aws-iso-e': {
    dnsSuffix: 'cloud.adc-e.uk',
    pattern: String.raw`eu-isoe-\w+-\d+`,
    iamRegion: 'eu-isoe-west-1',
    regions: ['eu-isoe-west-1'],
  },
  'aws-iso-f': {
    dnsSuffix: 'csp.hci.ic.gov',
    pattern: String.raw`us-isof-\w+-\d+`,
    iamRegion: 'us-isof-south-1',
    regions: ['us-isof-east-1', 'us-isof-south-1'],
  },
  'aws-us-gov': {
    dnsSuffix: 'amazonaws.com',
    pattern: String.raw`us-gov-\w+-\d+`,
    iamRegion: 'us-gov-west-1',
    regions: ['us-gov-east-1', 'us-gov-west-1'],
  },
} as const satisfies Readonly<Record<string, PartitionOfAws>>;

export type PartitionId = keyof typeof PARTITIONS;
