import { AccountId, type Plan } from '@compliance/core';
import type { AppliedChange } from '@compliance/ledger';

import type { Finding } from '../src/finding.ts';
import { reportOfScan, type Report } from '../src/report.ts';

const finding = (
  accountId: string,
  command: string,
  resourceId: string,
  annotation?: string,
  severity: Finding['severity'] = 'low',
): Finding => ({
  accountId,
  region: 'eu-west-1',
  command,
  severity,
  resourceType: command.startsWith('S3') ? 'AWS::S3::Bucket' : 'AWS::EC2::SecurityGroup',
  resourceId,
  complianceType: annotation === undefined ? 'COMPLIANT' : 'NON_COMPLIANT',
  annotation,
});

const OPEN = '0.0.0.0/0 may reach port 22 (tcp).';

export const findings: readonly Finding[] = [
  finding('111122223333', 'S3_ENABLE_VERSIONING', 'application-logs', 'Versioning is Off.'),
  finding('111122223333', 'S3_ENABLE_VERSIONING', 'backups'),
  finding('444455556666', 'S3_ENABLE_VERSIONING', 'invoices', 'Versioning is Suspended.'),
  finding('111122223333', 'EC2_RESTRICT_ADMIN_PORTS_IPV4', 'sg-0a1b2c3d4e5f67890', OPEN, 'high'),
  finding('111122223333', 'EC2_RESTRICT_ADMIN_PORTS_IPV4', 'sg-0f9e8d7c6b5a43210', undefined, 'high'),
  finding('777788889999', 'EC2_RESTRICT_ADMIN_PORTS_IPV4', 'sg-01234567890abcdef', undefined, 'high'),
];

const first = finding('111122223333', 'S3_ENABLE_VERSIONING', 'scratch', 'Exempt by EX-1 until 2027-01-01.');

/** The findings with one that is exempt, and one that the landing zone manages. */
export const exemptAndExcluded: readonly Finding[] = [
  { ...first, complianceType: 'NOT_APPLICABLE', exemption: 'EX-1' },
  ...findings.map((one, index) => (index === 0 ? { ...one, excluded: 'aws-controltower*' } : one)),
];

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'application-logs' };
const bucket = { Bucket: 'application-logs', ExpectedBucketOwner: '111122223333' };

export const plan: Plan = {
  id: 'plan-0123456789abcdef',
  command: 'S3_ENABLE_VERSIONING',
  accountId,
  region: 'eu-west-1',
  resource,
  facts: { status: 'Off' },
  annotation: 'Versioning is Off.',
  description: 'Turn versioning on for bucket application-logs',
  risk: 'safe',
  steps: [
    {
      type: 'call',
      operation: 's3:PutBucketVersioning',
      input: { ...bucket, VersioningConfiguration: { Status: 'Enabled' } },
      undo: {
        operation: 's3:PutBucketVersioning',
        input: { ...bucket, VersioningConfiguration: { Status: 'Suspended' } },
      },
    },
    {
      type: 'edit',
      document: 'iam/password-policy',
      key: '',
      absent: false,
      difference: [{ path: ['MinimumPasswordLength'], before: 8, after: 14 }],
    },
  ],
  undoLeaves: { status: 'Suspended' },
};

export const change: AppliedChange = {
  type: 'remediation-finished',
  schemaVersion: 1,
  id: 'event-1',
  time: '2026-11-20T10:15:30.000Z',
  command: 'S3_ENABLE_VERSIONING',
  accountId,
  region: 'eu-west-1',
  resource: { ...resource, resourceId: 'backups' },
  executionId: 'execution-1',
  outcome: 'fixed',
  reason: 'Turn versioning on for bucket backups',
  changeId: 'change-0123456789abcdef',
  factsBefore: { status: 'Off' },
  factsAfter: { status: 'Enabled' },
  owner: 'payments',
  planId: plan.id,
  approval: {
    type: 'plan-decided',
    schemaVersion: 2,
    id: 'event-0',
    time: '2026-11-20T10:10:00.000Z',
    planId: plan.id,
    decision: 'approved',
    actor: 'arn:aws:iam::999988887777:user/ada',
    reason: 'Reviewed with the owner.',
  },
  steps: [
    {
      intent: { type: 'call', operation: 's3:PutBucketVersioning', input: { Bucket: 'backups' } },
      outcome: { type: 'done' },
    },
  ],
};

export const report: Report = {
  ...reportOfScan({
    title: 'Continuous compliance',
    createdAt: new Date('2026-11-20T12:00:00Z'),
    findings,
    unreadable: [
      {
        accountId: '444455556666',
        region: 'eu-west-1',
        command: 'S3_ENABLE_VERSIONING',
        resourceType: 'AWS::S3::Bucket',
        resourceId: 'locked-away',
        message: 'AccessDenied: the bucket policy denies s3:GetBucketVersioning',
      },
    ],
    rules: {
      S3_ENABLE_VERSIONING: {
        title: 'S3 buckets keep object versions',
        rationale: 'An overwrite or delete in an unversioned bucket cannot be reverted.',
        severity: 'low',
        controls: { 'aws-fsbp': ['S3.14'] },
      },
      EC2_RESTRICT_ADMIN_PORTS_IPV4: {
        title: 'No security group opens SSH or RDP to the internet',
        rationale: 'Open administration ports are found and tried within minutes.',
        severity: 'high',
        controls: { 'cis-7.0': ['5.3'] },
      },
    },
    accountNames: { '111122223333': 'production', '444455556666': 'staging', '777788889999': 'sandbox' },
  }),
  plans: [plan],
  changes: [change],
  course: [
    { time: Date.parse('2026-11-20T09:00:00Z'), violations: 27 },
    { time: Date.parse('2026-11-20T10:15:30Z'), violations: 3 },
  ],
};
