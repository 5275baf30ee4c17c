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

export const approved = (planId: string, resourceId: string, time: string, actor: string): AuditEvent =>
  auditEvent(
    {
      type: 'plan-decided',
      ...about,
      resource: { resourceType: 'AWS::S3::Bucket', resourceId },
      planId,
      decision: 'approved',
      actor,
      reason: 'Reviewed.',
    },
    new Date(time),
    time,
  );

export const unreadable = (resourceId: string | undefined, time: string): AuditEvent =>
  auditEvent(
    {
      type: 'evaluation-failed',
      ...about,
      ...(resourceId !== undefined && { resource: { resourceType: 'AWS::S3::Bucket', resourceId } }),
      trigger: 'schedule',
      error: { kind: 'permanent', code: 'AccessDenied', message: 'AccessDenied: not you' },
    },
    new Date(time),
    time,
  );

/** A sweep that began at a time, and ended a minute later. */
export const swept = (began: string, failed = 0): AuditEvent =>
  auditEvent(
    {
      type: 'sweep-completed',
      ...about,
      orderingTime: new Date(began).toISOString(),
      counts: { resources: 9, compliant: 9, nonCompliant: 0, notApplicable: 0, failed, sent: 0, vanished: 0 },
    },
    new Date(Date.parse(began) + 60_000),
    began,
  );
