import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { errorCode, explain, failureKind, type FailureKind } from '../base/errors.ts';
import { Json, digest } from '../base/json.ts';
import { Resource } from '../aws/resource.ts';
import { SEVERITIES } from '../rule/rule.ts';
import { Plan } from '../plan/plan.ts';
import { ChangedBy } from './blocker.ts';

/** The subject of an event. Members that a malformed input does not hold are absent. */
const subject = {
  command: z.string().optional(),
  severity: z.enum(SEVERITIES).optional(),
  accountId: AccountId.optional(),
  region: z.string().optional(),
  resource: Resource.optional(),
  /** The owner of the finding, who is notified. */
  owner: z.string().optional(),
};

const header = {
  schemaVersion: z.literal(1),
  /** The digest of the content and the occurrence: what is published twice has one id, what happens twice has two. */
  id: z.string(),
  time: z.iso.datetime(),
  ...subject,
};

const Failure = z.object({
  kind: z.enum(['transient', 'permanent']) satisfies z.ZodType<FailureKind>,
  code: z.string(),
  message: z.string(),
});
export type Failure = z.infer<typeof Failure>;

const COMPLIANCE_TYPES = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'] as const;

export const REMEDIATION_OUTCOMES = [
  /** Applied and verified. */
  'fixed',
  /** Applied, but it takes effect later, so it is not verified yet. */
  'applied',
  'failed',
  /** Not applied; the plan is stored, and the reason says what blocks it. */
  'planned',
  /** There is nothing to fix, or nothing may be fixed. */
  'skipped',
  /** A `manual` fix: a person must make it. Published under its former name. */
  'human',
  /** The request is invalid or not allowed. */
  'refused',
] as const;
export type RemediationOutcome = (typeof REMEDIATION_OUTCOMES)[number];

/** An audit event: one line of the ledger and of the audit log. */
export const AuditEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('resource-evaluated'),
    ...header,
    trigger: z.enum(['change', 'oversized', 'schedule']),
    complianceType: z.enum(COMPLIANCE_TYPES),
    annotation: z.string().optional(),
    /** The id of the exemption that covers the violation. */
    exemption: z.string().optional(),
    /** The pattern of AWS's or the landing zone's resources that the violating resource matches. */
    excluded: z.string().optional(),
    /** When the evaluated state was captured. */
    orderingTime: z.iso.datetime(),
  }),
  z.object({
    type: z.literal('evaluation-failed'),
    ...header,
    trigger: z.string(),
    error: Failure,
  }),
  z.object({
    type: z.literal('sweep-completed'),
    ...header,
    orderingTime: z.iso.datetime(),
    counts: z.object({
      resources: z.number(),
      compliant: z.number(),
      nonCompliant: z.number(),
      notApplicable: z.number(),
      /** Those not applicable because an exemption covers the violation. Absent in older events. */
      exempt: z.number().optional(),
      /** Those non-compliant that belong to AWS or the landing zone. Absent in older events. */
      excluded: z.number().optional(),
      failed: z.number(),
      /** Verdicts sent to AWS Config, including those of vanished resources. */
      sent: z.number(),
      vanished: z.number(),
    }),
    /** Why the previous verdicts could not be read. Then every verdict is sent and none is cleaned up. */
    previousUnreadable: z.string().optional(),
  }),
  z.object({ type: z.literal('event-ignored'), ...header, reason: z.string() }),
  z.object({
    type: z.literal('plan-created'),
    ...header,
    plan: Plan,
    /** Why the plan is not applied automatically. */
    withheld: z.string().optional(),
    /** The principal that keeps reverting the fix, when known. */
    changedBy: ChangedBy.optional(),
  }),
  z.object({
    type: z.literal('plan-decided'),
    ...header,
    planId: z.string(),
    decision: z.enum(['approved', 'rejected', 'superseded']),
    /** The identity that STS proved. */
    by: z.string(),
    reason: z.string().optional(),
  }),
  z.object({
    type: z.literal('remediation-finished'),
    ...header,
    executionId: z.string(),
    outcome: z.enum(REMEDIATION_OUTCOMES),
    reason: z.string(),
    /** The identity that STS proved, when a person asked for the fix. */
    by: z.string().optional(),
    /** The principal that keeps reverting the fix, when known. */
    changedBy: ChangedBy.optional(),
    planId: z.string().optional(),
    changeId: z.string().optional(),
    factsBefore: Json.optional(),
    factsAfter: Json.optional(),
    steps: z.array(z.object({ intent: Json, outcome: Json })).optional(),
  }),
  z.object({
    type: z.literal('change-undone'),
    ...header,
    executionId: z.string(),
    changeId: z.string(),
    by: z.string(),
    outcome: z.enum(['undone', 'failed', 'refused']),
    reason: z.string(),
    factsBefore: Json.optional(),
    factsAfter: Json.optional(),
  }),
]);
export type AuditEvent = Readonly<z.infer<typeof AuditEvent>>;

type WithoutHeader<Event> = Event extends unknown ? Omit<Event, 'schemaVersion' | 'id' | 'time'> : never;

/**
 * Completes an event with its schema version, its id and the time.
 * The occurrence is what a retry of the same run repeats, and what the next one does not: the ordering time of a verdict,
 * the id of an execution or of an invocation, or the time of the decision that a row stores.
 */
export const auditEvent = (
  event: WithoutHeader<AuditEvent>,
  now: Date,
  occurrence: Date | string,
): AuditEvent => ({
  schemaVersion: 1,
  id: `event-${digest({ ...event, occurrence }, 24)}`,
  time: now.toISOString(),
  ...event,
});

export const failureOf = (error: unknown): Failure => ({
  kind: failureKind(error),
  code: errorCode(error),
  message: explain(error),
});
