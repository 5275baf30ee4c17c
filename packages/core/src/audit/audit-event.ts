import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { defined } from '../base/defined.ts';
import { errorCode, explain, failureKind, type FailureKind } from '../base/errors.ts';
import { Json, digest } from '../base/json.ts';
import { Resource, resourceKey } from '../aws/resource.ts';
import { SEVERITIES } from '../rule/rule.ts';
import { Plan } from '../plan/plan.ts';
import { BlockedBy, ChangedBy } from './blocker.ts';

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

/** The schema that this release writes. It also reads schema 1. */
export const SCHEMA_VERSION = 2;

const header = {
  schemaVersion: z.union([z.literal(1), z.literal(SCHEMA_VERSION)]),
  /** The digest of the content and the occurrence: what is published twice has one id, what happens twice has two. */
  id: z.string(),
  time: z.iso.datetime(),
  ...subject,
  /** Who asked for what happened: the identity that STS proved. Schema 1 has it as `by`. */
  actor: z.string().optional(),
  /** One thread for the story of a finding, from its verdict to the undo of its fix. */
  correlationId: z.string().optional(),
  /** The event that led to this one: a plan's verdict, a decision's plan, a fix's decision, an undo's fix. */
  causationId: z.string().optional(),
  /** How long the run had taken, in milliseconds. */
  durationMs: z.number().optional(),
  /** The rule that judged or fixed: the version of its package, and the digest of its source. */
  rule: z.object({ version: z.string(), source: z.string() }).optional(),
  /** The digest of the settings that were in force. */
  settingsRevision: z.string().optional(),
};

/** What a change of the settings or the exemptions differs by, so that both can be found in their history. */
const revisions = {
  revision: z.string(),
  /** Absent when there was none before. */
  previousRevision: z.string().optional(),
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
    /** What the verdict depends on. A digest stands for each member that the rule marks as personal. */
    facts: Json.optional(),
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
    /** More resources bear a name of AWS or the landing zone than in the sweep before; at most ten are named. */
    exclusionGrowth: z
      .object({ before: z.number(), now: z.number(), resources: z.array(z.string()) })
      .optional(),
    /** The ids of exemptions that any account can claim with a tag. */
    exemptionsByTagAlone: z.string().optional(),
  }),
  z.object({ type: z.literal('event-ignored'), ...header, reason: z.string() }),
  z.object({
    type: z.literal('plan-created'),
    ...header,
    plan: Plan,
    /** Why the plan is not applied automatically. */
    withheld: z.string().optional(),
    /** The same plan under its id of the release before, which nobody can decide on any more. */
    replaces: z.string().optional(),
    /** What held the fix back, when it was not a decision of people. Absent in older events. */
    blockedBy: BlockedBy.optional(),
    /** The principal that keeps reverting the fix, when known. */
    changedBy: ChangedBy.optional(),
  }),
  z.object({
    type: z.literal('plan-decided'),
    ...header,
    planId: z.string(),
    decision: z.enum(['approved', 'rejected', 'superseded']),
    /** Schema 1's name of the actor. */
    by: z.string().optional(),
    reason: z.string().optional(),
  }),
  z.object({
    type: z.literal('remediation-finished'),
    ...header,
    executionId: z.string(),
    outcome: z.enum(REMEDIATION_OUTCOMES),
    reason: z.string(),
    /** Schema 1's name of the actor. */
    by: z.string().optional(),
    /** What held the fix back, when it was not a decision of people. Absent in older events. */
    blockedBy: BlockedBy.optional(),
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
    /** Schema 1's name of the actor. */
    by: z.string().optional(),
    outcome: z.enum(['undone', 'failed', 'refused']),
    reason: z.string(),
    factsBefore: Json.optional(),
    factsAfter: Json.optional(),
  }),
  z.object({
    type: z.literal('settings-changed'),
    ...header,
    ...revisions,
    /** The paths whose values differ, such as `rules.S3_ENABLE_VERSIONING.mode`. The first hundred. */
    paths: z.array(z.string()),
  }),
  z.object({
    type: z.literal('exemptions-changed'),
    ...header,
    ...revisions,
    added: z.array(z.string()),
    changed: z.array(z.string()),
    removed: z.array(z.string()),
  }),
  /** The account of the header is in the settings from now on. */
  z.object({ type: z.literal('account-joined'), ...header, name: z.string() }),
  /** The account of the header is in the settings no more. */
  z.object({ type: z.literal('account-left'), ...header, name: z.string() }),
  /** The rule of the header runs in its Region from now on. Its first sweep there says so. */
  z.object({ type: z.literal('rule-deployed'), ...header, previousSource: z.string().optional() }),
  /** No sweep of the rule ran between two that are further apart than the schedule allows. */
  z.object({
    type: z.literal('sweep-missed'),
    ...header,
    lastSweep: z.iso.datetime(),
    thisSweep: z.iso.datetime(),
  }),
]);
export type AuditEvent = Readonly<z.infer<typeof AuditEvent>>;

/** Under which circumstances something happened. */
export type Circumstances = Pick<AuditEvent, 'causationId' | 'durationMs' | 'rule' | 'settingsRevision'>;

/** Who asked for what happened, if anybody did. */
export const actorOf = (event: AuditEvent): string | undefined =>
  event.actor ?? ('by' in event ? event.by : undefined);

type WithoutHeader<Event> = Event extends unknown
  ? Omit<Event, 'schemaVersion' | 'id' | 'time' | 'correlationId' | 'by'>
  : never;

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
  schemaVersion: SCHEMA_VERSION,
  id: `event-${digest({ ...contentOf(event), occurrence }, 24)}`,
  time: now.toISOString(),
  ...event,
  ...defined({ correlationId: correlationOf(event) }),
});

/** What a retry of the same run repeats. */
const contentOf = (event: object): object =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !CIRCUMSTANCES.has(name)));

/** Under which circumstances it happened, who hears of it, and what was read live. */
const CIRCUMSTANCES = new Set(['causationId', 'durationMs', 'facts', 'owner', 'rule', 'settingsRevision']);

/** The thread of a finding: one rule and one resource. */
const correlationOf = ({
  command,
  accountId,
  region,
  resource,
}: Pick<AuditEvent, 'command' | 'accountId' | 'region' | 'resource'>): string | undefined =>
  command === undefined || accountId === undefined || region === undefined || resource === undefined
    ? undefined
    : `finding-${digest({ command, accountId, region, resource: resourceKey(resource) })}`;

export const failureOf = (error: unknown): Failure => ({
  kind: failureKind(error),
  code: errorCode(error),
  message: explain(error),
});
