import type { OperatorAnswer, PlanRecord } from '@compliance/core';

import { confirm } from '../../input/confirm.ts';
import { assertRule } from '../../input/unknown-rule.ts';
import { approvePlan } from '../../operator/approve-plan.ts';
import { askOperator } from '../../operator/ask-operator.ts';
import { masterAccess } from '../../operator/master-access.ts';
import { EXIT, UsageError } from '../../output/exit-codes.ts';
import { filterPlans, isFiltered, type PlanFilter } from '../plans/filter.ts';
import { planLine, readPlans } from '../plans/run.ts';
import { hasSucceeded, runOperatorAction, type OperatorActionFlags } from './run.ts';

export interface DecideManyFlags extends OperatorActionFlags, PlanFilter {
  readonly dryRun?: true;
  readonly yes?: true;
}

type Decision = 'approve' | 'reject';

/** Decides the plan with the id or, without one, all open plans that match. @returns the exit code */
export const runDecision = async (
  action: Decision,
  id: string | undefined,
  { reason, json, region, profile, dryRun, yes, ...filter }: DecideManyFlags,
): Promise<number> => {
  if (id !== undefined) {
    if (isFiltered(filter) || dryRun)
      throw new UsageError(`Name either a plan or what to select by, not both. Plan: ${id}.`);
    return runOperatorAction(action, id, { reason, json, region, profile });
  }
  if (!isFiltered(filter))
    throw new UsageError(
      `Nothing is selected to ${action}. Give a plan id, or select with --rule, --account, --risk, --days or --older-than.`,
    );
  if (filter.rule !== undefined) assertRule(filter.rule);
  const access = await masterAccess({ region, profile });
  const now = new Date();
  const plans = filterPlans(await readPlans(access), filter, now).filter((record) => isOpen(record, now));
  const print = (text: string) => void (json ? process.stderr : process.stdout).write(text);
  print(plans.length === 0 ? 'No open plans match.\n' : plans.map(planLine).join(''));
  if (dryRun || plans.length === 0) {
    if (json)
      process.stdout.write(
        `${JSON.stringify(
          plans.map(({ plan }) => ({ planId: plan.id })),
          null,
          2,
        )}\n`,
      );
    return EXIT.ok;
  }
  if (!yes) await confirm(`${VERBS[action]} ${count(plans)}?`);
  const ask = (record: PlanRecord) =>
    action === 'approve'
      ? approvePlan(access, record, reason)
      : askOperator(access, { action, id: record.plan.id, reason });
  return decideEach(plans, { ask, json });
};

const VERBS = { approve: 'Approve', reject: 'Reject' } as const satisfies Record<Decision, string>;

const count = ({ length }: readonly PlanRecord[]) => (length === 1 ? 'this plan' : `these ${length} plans`);

const isOpen = ({ status, expiresAt }: PlanRecord, now: Date) =>
  status === 'open' && new Date(expiresAt) > now;

interface Decider {
  readonly ask: (record: PlanRecord) => Promise<OperatorAnswer>;
  readonly json?: true | undefined;
}

/** Records a decision for each plan, one after the other; a refusal of one does not keep the others. @returns the exit code */
export const decideEach = async (plans: readonly PlanRecord[], { ask, json }: Decider): Promise<number> => {
  const answers: OperatorAnswer[] = [];
  try {
    for (const record of plans) {
      const { id } = record.plan;
      const answer = { ...(await ask(record)), planId: id };
      answers.push(answer);
      if (!json) process.stdout.write(`${id}  ${answer.status}: ${answer.reason}\n`);
    }
  } finally {
    // When asking fails midway, what is recorded already is still told.
    if (json) process.stdout.write(`${JSON.stringify(answers, null, 2)}\n`);
  }
  return answers.every(hasSucceeded) ? EXIT.ok : EXIT.aws;
};
