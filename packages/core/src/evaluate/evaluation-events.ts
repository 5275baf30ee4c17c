import { defined } from '../base/defined.ts';
import type { Resource } from '../aws/resource.ts';
import { annotationText } from '../rule/texts.ts';
import { annotationOf, exclusionOf, exemptionOf } from '../rule/verdict.ts';
import { knownOwnerOf } from '../settings/owner.ts';
import { settingsRevision } from '../settings/settings.ts';
import { auditEvent, failureOf, type AuditEvent } from '../audit/audit-event.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { publicFacts } from './public-facts.ts';
import type { Judged } from './sweep.ts';

/** The subject of an audit event: rule, account, Region, resource and owner; and the circumstances. */
export const eventSubject = (context: EvaluationContext, resource?: Resource) =>
  defined({
    command: context.rule.command,
    severity: context.rule.severity,
    accountId: context.event.accountId,
    region: context.event.region,
    resource,
    owner: knownOwnerOf(resource ?? {}, context),
    rule: context.rule.release,
    settingsRevision: settingsRevision(context.appliedSettings),
  });

export const resourceEvaluatedEvent = (
  context: EvaluationContext,
  { resource, verdict, orderingTime, observation }: Judged,
): AuditEvent => {
  const annotation = annotationOf(verdict);
  const { trigger } = context.event;
  return auditEvent(
    {
      type: 'resource-evaluated',
      ...eventSubject(context, resource),
      trigger: trigger.type === 'other' ? 'change' : trigger.type,
      complianceType: verdict.complianceType,
      ...defined({
        annotation: annotation === undefined ? undefined : annotationText(annotation),
        exemption: exemptionOf(verdict),
        excluded: exclusionOf(verdict),
        facts: observation && publicFacts(context.rule, observation.facts),
      }),
      orderingTime: orderingTime.toISOString(),
    },
    context.now(),
    orderingTime,
  );
};

export const evaluationFailedEvent = (
  context: EvaluationContext,
  resource: Resource,
  error: unknown,
): AuditEvent => {
  const failed = {
    type: 'evaluation-failed',
    ...eventSubject(context, resource),
    trigger: context.event.trigger.type,
    error: failureOf(error),
  } as const;
  return auditEvent(failed, context.now(), context.invocation.awsRequestId);
};
