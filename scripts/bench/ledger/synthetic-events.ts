import { auditEvent, type AuditEvent } from '../../../packages/core/src/audit/audit-event.ts';
import { AccountId } from '../../../packages/core/src/base/account-id.ts';

/** How much happened in the organization of a synthetic ledger. */
export interface LedgerSize {
  readonly changes: number;
  readonly verdicts: number;
  readonly days: number;
  readonly accounts: number;
}

const RULES = 20;
const RESOURCES_PER_RULE = 20;
const HOUR_MS = 3_600_000;
const ADA = 'arn:aws:sts::999999999999:assumed-role/operators/ada';

/** The subject of the n-th finding: accounts alternate first, then rules, then resources. */
const findingAt = (index: number, accounts: number) => {
  const accountId = AccountId.parse(String(100_000_000_000 + (index % accounts)));
  const rule = Math.floor(index / accounts) % RULES;
  const number = Math.floor(index / (accounts * RULES)) % RESOURCES_PER_RULE;
  const resourceId = `synthetic-${accountId}-${rule}-${number}`;
  return {
    command: `SYNTHETIC_RULE_${String(rule).padStart(2, '0')}`,
    severity: 'medium',
    accountId,
    region: 'eu-west-1',
    resource: { resourceType: 'AWS::S3::Bucket', resourceId, arn: `arn:aws:s3:::${resourceId}` },
    owner: `team-${Number(accountId) % 40}`,
  } as const;
};

/** The verdicts of one sweep hour. Only their ids are not what a function would write: they are numbered. */
export const verdictsOf = (
  from: number,
  to: number,
  { accounts }: LedgerSize,
  time: Date,
): readonly AuditEvent[] => {
  const at = time.toISOString();
  return Array.from({ length: to - from }, (_, offset): AuditEvent => {
    const index = from + offset;
    const isViolation = index % 17 === 0;
    return {
      type: 'resource-evaluated',
      schemaVersion: 2,
      id: `event-${index.toString(16).padStart(24, '0')}`,
      time: at,
      ...findingAt(index, accounts),
      trigger: 'schedule',
      complianceType: isViolation ? 'NON_COMPLIANT' : 'COMPLIANT',
      ...(isViolation && { annotation: 'Versioning is Off.' }),
      orderingTime: at,
    };
  });
};

/** An append of one function: its events, and when it wrote them. */
export interface Append {
  readonly at: Date;
  readonly events: readonly AuditEvent[];
}

/**
 * The appends of one change: planned at `start`, approved and applied an hour later, every twentieth undone after that.
 * Every third one is automatic, without an approval.
 */
export const changeAppends = (index: number, { accounts }: LedgerSize, start: Date): readonly Append[] => {
  const finding = findingAt(index, accounts);
  const planId = `plan-${index.toString(16).padStart(16, '0')}`;
  const changeId = `change-${index.toString(16).padStart(16, '0')}`;
  const at = (hours: number) => new Date(start.getTime() + hours * HOUR_MS);
  const call = {
    operation: 's3:PutBucketVersioning',
    input: { Bucket: finding.resource.resourceId, VersioningConfiguration: { Status: 'Enabled' } },
  };
  const back = {
    operation: 's3:PutBucketVersioning',
    input: { Bucket: finding.resource.resourceId, VersioningConfiguration: { Status: 'Suspended' } },
  };
  const append = (time: Date, event: Parameters<typeof auditEvent>[0]): Append => ({
    at: time,
    events: [auditEvent(event, time, time)],
  });
  const isAutomatic = index % 3 === 0;
  const planned = append(at(0), {
    type: 'plan-created',
    ...finding,
    plan: {
      ...finding,
      id: planId,
      facts: { status: 'Off' },
      annotation: 'Versioning is Off.',
      description: `Turn versioning on for bucket ${finding.resource.resourceId}`,
      risk: 'safe',
      steps: [{ type: 'call', ...call, undo: back }],
    },
  });
  const approved = append(at(1), {
    type: 'plan-decided',
    ...finding,
    planId,
    decision: 'approved',
    actor: ADA,
    reason: 'Reviewed with the owner.',
  });
  const fixed = append(new Date(at(1).getTime() + 60_000), {
    type: 'remediation-finished',
    ...finding,
    executionId: `execution-${index}`,
    outcome: index % 50 === 0 ? 'failed' : 'fixed',
    reason: `Turn versioning on for bucket ${finding.resource.resourceId}`,
    planId,
    changeId,
    factsBefore: { status: 'Off' },
    factsAfter: { status: 'Enabled' },
    steps: [{ intent: { type: 'call', ...call, undo: back }, outcome: { type: 'done' } }],
    ...(!isAutomatic && { actor: ADA }),
  });
  const undone = append(at(3), {
    type: 'change-undone',
    ...finding,
    executionId: `operator-${index}`,
    changeId,
    actor: ADA,
    outcome: 'undone',
    reason: 'The owner asked for it.',
  });
  return [planned, ...(isAutomatic ? [] : [approved]), fixed, ...(index % 20 === 0 ? [undone] : [])];
};
