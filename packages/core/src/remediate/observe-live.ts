import { setTimeout as sleep } from 'node:timers/promises';

import { bestEffort } from '../base/best-effort.ts';
import { exemptAnnotation, exemptionFor } from '../settings/exemptions.ts';
import type { LiveState } from './finish-interrupted-changes.ts';
import { requestReevaluation } from '../config/request-reevaluation.ts';
import type { Violation } from '../plan/plan-fix.ts';
import { skipped, type RemediationContext, type RemediationResult } from './remediation.ts';
import { withArn, withTags } from '../aws/resource-tags.ts';
import { toFixTarget } from '../state/limits.ts';
import { listOpenChangesOf } from '../state/open-changes.ts';
import { annotationOf, type Verdict } from '../rule/verdict.ts';

/**
 * The resource live, if it is still there, still violates and nobody answers for it. Changes of it whose run was cut
 * off are brought to their end first, by what is seen now.
 */
export const look = async (remediation: RemediationContext): Promise<Violation | RemediationResult> => {
  const { target, rule, context, session } = remediation;
  const { observation, verdict, ended } = await lookAndFinish(remediation);
  if (!observation || verdict?.complianceType !== 'NON_COMPLIANT')
    return ended.find(({ status }) => status === 'fixed') ?? skipped(whyNothingToDo(verdict));
  const named = { ...target.resource, ...observation.identity };
  const resource = await withTags(withArn(named, session), session);
  const exemption = await exemptionOf(resource, remediation);
  return exemption ? skipped(exemptAnnotation(exemption)) : { rule, resource, observation, verdict, context };
};

/** The resource live, with the changes of it that are brought to their end by that. */
export const lookAndFinish = async (remediation: RemediationContext) => {
  const { target, rule, context, session } = remediation;
  const observation = await rule.observe.get(target.resource, { session });
  const verdict = observation && rule.judge(observation.facts, context);
  const violates = verdict?.complianceType === 'NON_COMPLIANT';
  const ended = await finishAny(remediation, { violates, facts: observation?.facts });
  return { observation, verdict, ended };
};

const finishAny = async (
  remediation: RemediationContext,
  seen: LiveState,
): Promise<readonly RemediationResult[]> => {
  const open = await listOpenChangesOf(remediation.table, toFixTarget(remediation.target));
  if (open.length === 0) return [];
  // Loaded after the few runs that were cut off.
  const { finishInterruptedChanges: finishOpenChanges } = await import('./finish-interrupted-changes.ts');
  const ended = await finishOpenChanges(open, remediation, seen);
  const { rule, session, table, now } = remediation;
  if (ended.some(({ status }) => status === 'fixed'))
    await bestEffort(
      'Asking AWS Config to look again',
      () => requestReevaluation(rule, session, table, now()),
      undefined,
    );
  return ended;
};

const whyNothingToDo = (verdict: Verdict | undefined) => {
  if (!verdict) return 'The resource is gone.';
  return annotationOf(verdict) ?? 'The resource is compliant already.';
};

const exemptionOf = async (
  resource: Violation['resource'],
  {
    loadExemptions: exemptions,
    rule,
    account,
    target: { region },
    context,
    appliedSettings,
  }: RemediationContext,
) => {
  const { exemptionMaxDays } = appliedSettings;
  return exemptionFor(await exemptions(), { rule, account, region, resource }, context.now, exemptionMaxDays);
};

// AWS may answer a read with the state before a write for a moment.
export const VERIFY_DELAYS_MS = [0, 500, 1_500, 3_000];

/** The resource after its fix: looked at a few times until it violates no more, be it because it is gone. */
export const verifyFix = async ({ rule, target, context, session }: RemediationContext) => {
  let seen = { violates: true, reason: '', facts: undefined as unknown };
  for (const pause of VERIFY_DELAYS_MS) {
    await sleep(pause);
    const observation = await rule.observe.get(target.resource, { session });
    if (!observation) return { violates: false, reason: 'the resource is gone', facts: undefined };
    const verdict = rule.judge(observation.facts, context);
    const violates = verdict.complianceType === 'NON_COMPLIANT';
    seen = { violates, reason: annotationOf(verdict) ?? verdict.complianceType, facts: observation.facts };
    if (!violates) return seen;
  }
  return seen;
};
