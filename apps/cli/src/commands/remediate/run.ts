import {
  annotationOf,
  parametersOf,
  parseRemediationEvent,
  permanent,
  planFix,
  type JudgeContext,
  type Plan,
  type RemediationEvent,
  type Rule,
  type Session,
} from '@compliance/core';
import { loadRule } from '@compliance/registry';

import { applicableOrDefault, findAccount } from '../../account/account-settings.ts';
import { openAccountOfEvent } from '../../account/open-account.ts';
import { readJson } from '../../input/read-json.ts';
import { readSettings } from '../../input/read-settings.ts';
import { describePlan } from '../../output/describe-plan.ts';
import { EXIT } from '../../output/exit-codes.ts';

export interface RemediateFlags {
  readonly event: string;
  readonly apply?: true;
  readonly operatorProfile?: string;
  readonly json?: true;
  readonly settings?: string;
}

/** Plans the fix of one resource; `--apply` has the deployed function apply it. @returns the exit code */
export const remediate = async (flags: RemediateFlags): Promise<number> => {
  const event = parseRemediationEvent(await readJson(flags.event));
  const rule = await loadRule(event.complianceCommand);
  if (event.resourceType !== rule.resourceType)
    throw permanent(
      'wrong-resource-type',
      `Wrong resource type: ${event.resourceType}. ${rule.command} evaluates ${rule.resourceType}.`,
    );
  const settings = await readSettings(flags.settings);
  const session = await openAccountOfEvent(event);
  const applicable = applicableOrDefault(settings, findAccount(settings, event.accountId), rule.command);
  const outcome = await planFor(event, rule, session, parametersOf(rule, applicable, event));

  print(outcome, flags);
  if (!flags.apply || !('plan' in outcome)) return EXIT.ok;
  // Loaded on demand: only --apply needs the SDK clients of an operator.
  const { approveAndApply: applyThroughFunction } = await import('./approve-and-apply.ts');
  const answer = await applyThroughFunction(outcome.plan.id, {
    region: settings?.organization.homeRegion ?? event.region,
    profile: flags.operatorProfile,
  });
  process.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : `${answer.status}: ${answer.reason}\n`);
  return ['fixed', 'applied'].includes(answer.status) ? EXIT.ok : EXIT.aws;
};

type Outcome = { readonly plan: Plan } | { readonly human: string } | { readonly nothing: string };

const planFor = async (
  { accountId, region, partition, resourceType, resourceId }: RemediationEvent,
  rule: Rule,
  session: Session,
  parameters: unknown,
): Promise<Outcome> => {
  const resource = { resourceType, resourceId };
  const context: JudgeContext = { parameters, accountId, region, partition, now: new Date() };
  const observation = await rule.observe.get(resource, { session });
  if (!observation) return { nothing: 'The resource is gone.' };
  const verdict = rule.judge(observation.facts, context);
  if (verdict.complianceType !== 'NON_COMPLIANT')
    return { nothing: annotationOf(verdict) ?? 'The resource is already compliant.' };
  const planned = await planFix({ rule, resource, observation, verdict, judgeContext: context }, session);
  // `human` is the published name of a manual fix.
  return 'manual' in planned ? { human: planned.manual } : { plan: planned.plan };
};

const print = (outcome: Outcome, { json }: RemediateFlags) => {
  if (json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  else if ('plan' in outcome) process.stdout.write(describePlan(outcome.plan));
  else if ('human' in outcome) process.stdout.write(`Manual fix: ${outcome.human}\n`);
  else process.stdout.write(`Nothing to do: ${outcome.nothing}\n`);
};
