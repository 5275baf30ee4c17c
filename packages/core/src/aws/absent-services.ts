import { grantAction, type Grant } from './grant.ts';

interface Absence {
  /** Partitions without the service. */
  readonly partitions: readonly string[];
  /** Regions without the service. */
  readonly regions: readonly string[];
}

/**
 * Services that a Region or partition lacks, by their prefix in IAM. A Region that AWS opened later is assumed to have
 * every service: its call then fails, which is transient and never a verdict. So are aws-eusc, aws-iso-e and aws-iso-f,
 * of which the data below lacks services that they have.
 * Taken from AWS's public endpoint data, botocore's `endpoints.json`, for the services that rules use.
 * @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const ABSENT: Readonly<Record<string, Absence>> = {
  'access-analyzer': { partitions: ['aws-iso', 'aws-iso-b'], regions: [] },
  account: { partitions: ['aws-iso', 'aws-iso-b', 'aws-us-gov'], regions: [] },
  cloudfront: { partitions: ['aws-iso', 'aws-iso-b', 'aws-us-gov'], regions: [] },
  macie2: {
    partitions: ['aws-cn', 'aws-iso', 'aws-iso-b', 'aws-us-gov'],
    regions: [
      'ap-east-2',
      'ap-south-2',
      'ap-southeast-3',
      'ap-southeast-4',
      'ap-southeast-5',
      'ap-southeast-6',
      'ap-southeast-7',
      'ca-west-1',
      'eu-central-2',
      'eu-south-2',
      'me-central-1',
      'mx-central-1',
    ],
  },
};

/** The first service among the grants that the Region lacks, by its prefix in IAM. */
export const absentService = (
  grants: readonly Grant[],
  { region, partition }: { readonly region: string; readonly partition: string },
): string | undefined =>
  grants
    .map((grant) => grantAction(grant).split(':')[0] ?? '')
    .find(
      (service) =>
        ABSENT[service]?.partitions.includes(partition) || ABSENT[service]?.regions.includes(region),
    );
