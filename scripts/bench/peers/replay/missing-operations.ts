import type { Recorded } from './recorded.ts';

const xml = (body: string): Pick<Recorded, 'headers' | 'body'> => ({
  headers: { 'content-type': 'text/xml' },
  body,
});

const json = (body: object): Pick<Recorded, 'headers' | 'body'> => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const result = (operation: string, members: string) =>
  xml(`<${operation}Response><${operation}Result>${members}</${operation}Result></${operation}Response>`);

const NOW = '2026-01-01T00:00:00Z';
const JOB = '01234567-89ab-cdef-0123-456789abcdef';

/**
 * What AWS answers in an account that has none of it, for operations that the emulator lacks and other programs call:
 * they would repeat a call that fails, and wait in between. Also the tags of a trail, which Prowler asks for in some
 * runs only, as its threads race.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSnapshotBlockPublicAccessState.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetImageBlockPublicAccessState.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeClientVpnEndpoints.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEndpoints.html
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeCertificates.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListOrganizationAdminAccounts.html
 */
export const MISSING_OPERATIONS: Readonly<Record<string, Pick<Recorded, 'headers' | 'body'>>> = {
  'cloudtrail:ListTags': json({ ResourceTagList: [] }),
  'ec2:GetSnapshotBlockPublicAccessState': xml(
    '<GetSnapshotBlockPublicAccessStateResponse><state>unblocked</state></GetSnapshotBlockPublicAccessStateResponse>',
  ),
  'ec2:GetImageBlockPublicAccessState': xml(
    '<GetImageBlockPublicAccessStateResponse><imageBlockPublicAccessState>unblocked</imageBlockPublicAccessState></GetImageBlockPublicAccessStateResponse>',
  ),
  'ec2:DescribeClientVpnEndpoints': xml(
    '<DescribeClientVpnEndpointsResponse><clientVpnEndpoint/></DescribeClientVpnEndpointsResponse>',
  ),
  'events:ListEndpoints': json({ Endpoints: [] }),
  'iam:ListServiceSpecificCredentials': result(
    'ListServiceSpecificCredentials',
    '<ServiceSpecificCredentials/>',
  ),
  'iam:GenerateServiceLastAccessedDetails': result(
    'GenerateServiceLastAccessedDetails',
    `<JobId>${JOB}</JobId>`,
  ),
  'iam:GetServiceLastAccessedDetails': result(
    'GetServiceLastAccessedDetails',
    `<JobStatus>COMPLETED</JobStatus><JobType>SERVICE_LEVEL</JobType><JobCreationDate>${NOW}</JobCreationDate>` +
      `<JobCompletionDate>${NOW}</JobCompletionDate><ServicesLastAccessed/><IsTruncated>false</IsTruncated>`,
  ),
  'rds:DescribeCertificates': result('DescribeCertificates', '<Certificates/>'),
  'rds:DescribeDBEngineVersions': result('DescribeDBEngineVersions', '<DBEngineVersions/>'),
  'securityhub:GET /organization/admin': json({ AdminAccounts: [] }),
};
