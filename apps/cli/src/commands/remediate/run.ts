import {
  parametersOf,
  parseRemediationEvent,
  permanent,
  planByHand,
  type HandPlan,
  type RemediationEvent,
  type Rule,
  type Settings,
} from '@compliance/core';
import { loadRule } from '@compliance/registry';

import { applicableOrDefault, findAccount, minimalSettings } from '../../account/account-settings.ts';
import { openAccountOfEvent } from '../../account/open-account.ts';
import { readExemptions } from '../../input/read-exemptions.ts';
import { readJson } from '../../input/read-json.ts';
import { readSettings } from '../../input/read-settings.ts';
import { describePlan } from '../../output/describe-plan.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { eventOfFlags, type ResourceFlags } from './event-of-flags.ts';

export interface RemediateFlags extends ResourceFlags {
  readonly event?: string;
  readonly apply?: true;
  readonly operatorProfile?: string;
  readonly json?: true;
  readonly settings?: string;
}

/** Plans the fix of one resource; `--apply` has the deployed function apply it. @returns the exit code */
export const remediate = async (flags: RemediateFlags): Promise<number> => {
  const settings = await readSettings(flags.settings);
  const event =
    flags.event === undefined
      ? await eventOfFlags(flags, settings)
      : parseRemediationEvent(await readJson(flags.event));
  const rule = await loadRule(event.complianceCommand);
  if (event.resourceType !== rule.resourceType)
    throw permanent(
      'wrong-resource-type',
      `Wrong resource type: ${event.resourceType}. ${rule.command} evaluates ${rule.resourceType}.`,
    );
  const outcome = await planByHand(await contextOf(event, rule, settings));

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

const contextOf = async (
  event: RemediationEvent,
  rule: Rule,
  settings: Settings | undefined,
): Promise<Parameters<typeof planByHand>[0]> => {
  const { accountId, region, partition, resourceType, resourceId } = event;
  const account = findAccount(settings, accountId);
  const parameters = parametersOf(rule, applicableOrDefault(settings, account, rule.command), event);
  return {
    target: { resource: { resourceType, resourceId } },
    rule,
    account,
    judgeContext: { parameters, accountId, region, partition, now: new Date() },
    session: await openAccountOfEvent(event),
    appliedSettings: settings ?? minimalSettings(event),
    loadExemptions: readExemptions,
  };
};

const print = (outcome: HandPlan, { json }: RemediateFlags) => {
  if (json) process.stdout.write(`${JSON.stringify(publishedOutcome(outcome), null, 2)}\n`);
  else if ('manual' in outcome) process.stdout.write(`Manual fix: ${outcome.manual}\n`);
  else if ('nothing' in outcome) process.stdout.write(`Nothing to do: ${outcome.nothing}\n`);
  else {
    process.stdout.write(describePlan(outcome.plan));
    if (outcome.withheld !== undefined)
      process.stdout.write(`Not applied automatically: ${outcome.withheld}\n`);
  }
};

// `human` is the published name of a manual fix.
const publishedOutcome = (outcome: HandPlan) => ('manual' in outcome ? { human: outcome.manual } : outcome);
