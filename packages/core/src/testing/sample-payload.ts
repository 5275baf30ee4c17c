/** The payload of the SSM document, with these members replaced. */
export const samplePayload = (members: object = {}) => ({
  complianceCommand: 'EXAMPLE_KEEP_VERSIONS',
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'logs',
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  executionId: 'execution-1',
  ...members,
});
