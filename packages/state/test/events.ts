import { AccountId, auditEvent, type AuditEvent } from '@compliance/core';

export interface About {
  readonly account?: string;
  readonly command?: string;
  readonly region?: string;
}

const aboutOf = ({
  account = '111122223333',
  command = 'S3_ENABLE_VERSIONING',
  region = 'eu-west-1',
}: About) => ({ command, severity: 'low', accountId: AccountId.parse(account), region }) as const;

type Evaluated = Extract<AuditEvent, { type: 'resource-evaluated' }>;

export const evaluated = (
  resourceId: string,
  complianceType: Evaluated['complianceType'],
  time: string,
  {
    account,
    command,
    region,
    ...members
  }: Partial<Pick<Evaluated, 'annotation' | 'exemption' | 'excluded' | 'owner' | 'orderingTime'>> &
    About = {},
): AuditEvent =>
  auditEvent(
    {
      type: 'resource-evaluated',
      ...aboutOf({ ...(account && { account }), ...(command && { command }), ...(region && { region }) }),
      resource: { resourceType: 'AWS::S3::Bucket', resourceId },
      trigger: 'change',
      complianceType,
      orderingTime: new Date(time).toISOString(),
      ...members,
    },
    new Date(time),
    time,
  );

export const failed = (resourceId: string | undefined, time: string, about: About = {}): AuditEvent =>
  auditEvent(
    {
      type: 'evaluation-failed',
      ...aboutOf(about),
      ...(resourceId !== undefined && { resource: { resourceType: 'AWS::S3::Bucket', resourceId } }),
      trigger: 'schedule',
      error: { kind: 'permanent', code: 'AccessDenied', message: `AccessDenied: not you at ${time}` },
    },
    new Date(time),
    time,
  );

type Swept = Extract<AuditEvent, { type: 'sweep-completed' }>;

/** A sweep that began at a time, and ended a minute later. */
export const swept = (began: string, counts: Partial<Swept['counts']> = {}, about: About = {}): AuditEvent =>
  auditEvent(
    {
      type: 'sweep-completed',
      ...aboutOf(about),
      orderingTime: new Date(began).toISOString(),
      counts: {
        resources: 0,
        compliant: 0,
        nonCompliant: 0,
        notApplicable: 0,
        exempt: 0,
        excluded: 0,
        failed: 0,
        sent: 0,
        vanished: 0,
        ...counts,
      },
    },
    new Date(Date.parse(began) + 60_000),
    began,
  );

export const accountLeft = (time: string, account = '111122223333'): AuditEvent =>
  auditEvent(
    { type: 'account-left', accountId: AccountId.parse(account), name: 'payments' },
    new Date(time),
    time,
  );

type Finished = Extract<AuditEvent, { type: 'remediation-finished' }>;

/** A fix that was planned instead of applied. */
export const held = (resourceId: string, time: string, blockedBy?: Finished['blockedBy']): AuditEvent =>
  auditEvent(
    {
      type: 'remediation-finished',
      ...aboutOf({}),
      resource: { resourceType: 'AWS::S3::Bucket', resourceId },
      executionId: `execution-${resourceId}`,
      outcome: 'planned',
      reason: 'Not applied.',
      ...(blockedBy !== undefined && { blockedBy }),
    },
    new Date(time),
    time,
  );
