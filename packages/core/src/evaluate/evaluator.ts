import type { AccountContacts } from '../settings/account-contacts.ts';
import { auditEvent, failureOf, type AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { ConfigRuleEvent } from '../config/config-rule-event.ts';
import { annotationText, type Evaluation } from '../config/evaluation.ts';
import {
  exemptAnnotation,
  exemptionFor,
  type Exemption,
  type ExemptionsSource,
} from '../settings/exemptions.ts';
import { exclusionPatternFor } from '../settings/exclusions.ts';
import { knownOwnerOf } from '../settings/owner.ts';
import type { Resource } from '../aws/resource.ts';
import { tagsByArn, withArn, type Tags } from '../aws/resource-tags.ts';
import type { JudgeContext, Observation, Rule } from '../rule/rule.ts';
import type { Session } from '../aws/session.ts';
import type { Account, Mode, Settings, SettingsSource } from '../settings/settings.ts';
import type { Table } from '../state/table.ts';
import { annotationOf, exclusionOf, exempt, exemptionOf, type Verdict } from '../rule/verdict.ts';

export interface EvaluateDependencies {
  /** @throws {ComplianceError} permanent `unknown-command` */
  readonly loadRule: (command: string) => Promise<Rule>;
  readonly loadSettings: SettingsSource;
  readonly loadExemptions: ExemptionsSource;
  readonly openSession: (
    target: Pick<ConfigRuleEvent, 'accountId' | 'region' | 'partition'>,
  ) => Promise<Session>;
  readonly put: (session: Session, resultToken: string, evaluations: readonly Evaluation[]) => Promise<void>;
  readonly publish: Publisher;
  readonly contacts: AccountContacts;
  /** Where plans are kept. */
  readonly table: Table;
  readonly now: () => Date;
}

/** What a verdict goes by, exemptions and exclusions included. */
export interface JudgingContext {
  readonly rule: Rule;
  readonly session: Session;
  readonly account: Account;
  readonly context: JudgeContext;
  readonly exemptions: readonly Exemption[];
  readonly exemptionMaxDays: number;
  /** The settings' own, besides the built-in ones. */
  readonly exclusions: readonly string[];
  /** Of resources that do not bring theirs along; filled where an exemption asks for tags. */
  readonly tags?: ReadonlyMap<string, Tags>;
}

/** Everything that one event's evaluation goes by. */
export interface EvaluationContext extends EvaluateDependencies, JudgingContext {
  readonly event: ConfigRuleEvent;
  readonly appliedSettings: Settings;
  readonly mode: Mode;
}

/** One listing of tags for all resources, and only where an exemption asks for tags. */
export const withTagsForExemptions = async <J extends JudgingContext>(judging: J): Promise<J> => {
  if (!judging.exemptions.some(({ tags }) => tags !== undefined)) return judging;
  return { ...judging, tags: await tagsByArn(judging.session, judging.rule) };
};

/** The rule's verdict, unless somebody answers for the finding; marked where the resource is AWS's or the landing zone's. */
export const judgeOrExempt = (
  { rule, account, context, exemptions, session, tags, exemptionMaxDays, exclusions }: JudgingContext,
  resource: Resource,
  { facts }: Observation,
): Verdict => {
  const verdict = rule.judge(facts, context);
  if (verdict.complianceType !== 'NON_COMPLIANT') return verdict;
  const named = withArn(resource, session);
  const known = named.tags ?? tags?.get(named.arn ?? '');
  const exemption = exemptionFor(
    exemptions,
    { rule, account, region: context.region, resource: known ? { ...named, tags: known } : named },
    context.now,
    exemptionMaxDays,
  );
  if (exemption) return exempt(exemption.id, exemptAnnotation(exemption));
  const excluded = exclusionPatternFor(named, { exclusions });
  return excluded === undefined ? verdict : { ...verdict, excluded };
};

/** Whom and what an audit event is about. */
export const eventSubject = (evaluator: EvaluationContext, resource?: Resource) => {
  const { rule, event } = evaluator;
  return {
    command: rule.command,
    severity: rule.severity,
    accountId: event.accountId,
    region: event.region,
    ...(resource && { resource }),
    owner: knownOwnerOf(resource ?? {}, evaluator),
  };
};

export const resourceEvaluatedEvent = (
  evaluator: EvaluationContext,
  { resource, verdict, orderingTime }: Evaluation,
): AuditEvent => {
  const annotation = annotationOf(verdict);
  const exemption = exemptionOf(verdict);
  const excluded = exclusionOf(verdict);
  const { trigger } = evaluator.event;
  return auditEvent(
    {
      type: 'resource-evaluated',
      ...eventSubject(evaluator, resource),
      trigger: trigger.type === 'other' ? 'change' : trigger.type,
      complianceType: verdict.complianceType,
      ...(annotation !== undefined && { annotation: annotationText(annotation) }),
      ...(exemption !== undefined && { exemption }),
      ...(excluded !== undefined && { excluded }),
      orderingTime: orderingTime.toISOString(),
    },
    evaluator.now(),
  );
};

export const evaluationFailedEvent = (
  evaluator: EvaluationContext,
  resource: Resource,
  error: unknown,
): AuditEvent => {
  const { trigger } = evaluator.event;
  const failed = {
    type: 'evaluation-failed',
    ...eventSubject(evaluator, resource),
    error: failureOf(error),
  } as const;
  return auditEvent({ ...failed, trigger: trigger.type }, evaluator.now());
};
