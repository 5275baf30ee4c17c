/** Partitions besides `aws`, each with a Region of it. The contract judges and plans in each. */
export const OTHER_PARTITIONS = {
  'aws-cn': 'cn-north-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-us-gov': 'us-gov-west-1',
} as const;
