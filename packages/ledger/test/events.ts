import { AccountId, auditEvent, type AuditEvent } from '@compliance/core';

const about = {
  command: 'S3_ENABLE_VERSIONING',
  severity: 'low',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
} as const;

export const evaluated = (
  resourceId: string,
  complianceType: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE',
  time: string,
): AuditEvent =>
  auditEvent(
    {
      type: 'resource-evaluated',
      ...about,
      resource: { resourceType: 'AWS::S3::Bucket', resourceId },
      trigger: 'change',
      complianceType,
      orderingTime: new Date(time).toISOString(),
    },
    new Date(time),
    time,
  );

export const planned = (resourceId: string, time: string): AuditEvent => {
  const resource = { resourceType: 'AWS::S3::Bucket', resourceId };
  return auditEvent(
    {
      type: 'plan-created',
      ...about,
      resource,
      plan: {
        id: `plan-${resourceId}`,
        ...about,
        resource,
        facts: { status: 'Off' },
        annotation: 'Versioning is Off.',
        description: 'Turn versioning on',
        risk: 'safe',
        steps: [],
      },
    },
    new Date(time),
    time,
  );
};

export const fixed = (changeId: string, time: string): AuditEvent =>
  auditEvent(
    {
      type: 'remediation-finished',
      ...about,
      executionId: `execution-of-${changeId}`,
      outcome: 'fixed',
      reason: 'Turn versioning on',
      changeId,
    },
    new Date(time),
    time,
  );

export const undone = (changeId: string, time: string): AuditEvent =>
  auditEvent(
    {
      type: 'change-undone',
      ...about,
      executionId: 'execution-u',
      changeId,
      actor: 'arn:aws:iam::111122223333:user/ada',
      outcome: 'undone',
      reason: 'asked for',
    },
    new Date(time),
    time,
  );

export const rejected = (planId: string, time: string): AuditEvent =>
  auditEvent(
    {
      type: 'plan-decided',
      ...about,
      planId,
      decision: 'rejected',
      actor: 'arn:aws:iam::111122223333:user/ada',
    },
    new Date(time),
    time,
  );
