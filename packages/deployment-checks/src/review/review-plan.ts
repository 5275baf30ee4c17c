import type { CheckFinding } from '../checks/run-checks.ts';
import { PlanJson } from '../plan/plan-json.ts';
import { attributeChanges } from './attribute-changes.ts';
import { changeTable } from './change-summary.ts';
import { describeAccess } from './describe-access.ts';
import { describeChecks } from './describe-checks.ts';
import { describeCost } from './describe-cost.ts';
import { DEFAULT_USAGE } from './estimate-cost.ts';
import { examinePlan, type PlanExamination, type ReviewOptions } from './examine-plan.ts';
import { headline, highlights } from './headline.ts';
import { foldedList, list, plain, section } from './markdown.ts';
import { rulesDifference } from './rules-difference.ts';
import type { SettingsChange } from './settings-difference.ts';

export interface Review {
  readonly markdown: string;
  /** Why the plan must not be applied; empty if it may. */
  readonly errors: readonly string[];
  readonly findings: readonly CheckFinding[];
  /** Whether changes of settings are unknown. */
  readonly notCompared: boolean;
}

/**
 * Reviews a Terraform plan for those who approve it. The same plan always gives the same text. An invalid plan does not
 * throw: the review reports it.
 */
export const reviewPlan = (planJson: unknown, options: ReviewOptions): Review => {
  const { success, data: plan, error: problem } = PlanJson.safeParse(planJson);
  if (success) {
    const examination = examinePlan(plan, options);
    const { errors, results, comparison } = examination;
    return {
      markdown: render(plan, options, examination),
      errors,
      findings: results.findings,
      notCompared: comparison === 'unknown',
    };
  }
  const [issue] = problem.issues;
  const error =
    `The input is not a plan as 'terraform show -json' writes it: ${issue?.path.map(String).join('.') || 'document'}: ` +
    `${issue?.message ?? 'invalid'}.`;
  return {
    markdown: ['# Plan review', `**Not reviewed.** ${plain(error)}`, ''].join('\n\n'),
    errors: [error],
    findings: [],
    notCompared: true,
  };
};

const render = (plan: PlanJson, options: ReviewOptions, examination: PlanExamination): string => {
  const { settings, rules, place, settingsBefore = settings, usage } = options;
  const { dataLosses, otherDestructions, changes, access, comparison, deployments, results } = examination;
  const desiredStates = { before: { rules, settings: settingsBefore }, after: options };
  const blocks = [
    '# Plan review',
    headline(examination),
    highlights(examination),
    section('Data loss', list(dataLosses.map(plain))),
    section('Deleted or replaced', foldedList('Resources', otherDestructions.map(plain))),
    // Early, because a shortened comment drops sections from the end.
    section('Deployment checks', ...describeChecks(results, deployments.after.gaps)),
    section('Resource changes', changeTable(plan, place, settings)),
    section('Settings and exemptions', list(changes.map(describeChange))),
    section('Permissions', ...describeAccess(access)),
    section('Rules', ...(comparison === 'unknown' ? [] : describeRules(deployments))),
    section('Cost', describeCost(plan, deployments, desiredStates, { ...DEFAULT_USAGE, ...usage })),
    section('All changes', foldedList('By address', attributeChanges(plan).map(plain))),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

const describeChange = ({ widens, what }: SettingsChange): string =>
  widens ? `**wider** ${plain(what)}` : plain(what);

const describeRules = ({ before, after }: PlanExamination['deployments']): readonly string[] => {
  // Without the old template, every rule would seem new.
  const unknown = before.gaps.filter((gap) => gap.includes('template'));
  return [
    foldedList('Changes of rules', rulesDifference(before, after).map(plain)),
    ...(unknown.length === 0
      ? []
      : ['Rules may seem new, because their previous templates are unknown:', list(unknown.map(plain))]),
  ];
};
