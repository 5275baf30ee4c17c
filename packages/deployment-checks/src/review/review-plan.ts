import type { Exemption, Settings } from '@compliance/core';

import type { Deployment } from '../model/deployment.ts';
import type { PlanPlace } from '../plan/plan-places.ts';
import { PlanJson } from '../plan/plan-json.ts';
import { plannedDeployments } from '../plan/read-plan.ts';
import { createTemplateLookup } from '../templates/template-lookup.ts';
import { runChecks, type CheckFinding, type CheckResults } from '../checks/run-checks.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { accessDifference, type AccessChange } from './access-difference.ts';
import { attributeChanges } from './attribute-changes.ts';
import { changeTable, plannedDestructions } from './change-summary.ts';
import { describeAccess } from './describe-access.ts';
import { describeCost } from './describe-cost.ts';
import { describeFinding, describeChecks } from './describe-checks.ts';
import { DEFAULT_USAGE, type Usage } from './estimate-cost.ts';
import { exemptionsDifference } from './exemptions-difference.ts';
import { highlights, headline } from './headline.ts';
import { foldedList, list, plain, section } from './markdown.ts';
import { resourcePolicyDifference } from './resource-policy-difference.ts';
import { rulesDifference } from './rules-difference.ts';
import { settingsDifference, type SettingsChange } from './settings-difference.ts';

export interface ReviewOptions extends DesiredState {
  /** The settings that hold today, where the review is of a change of them, too. */
  readonly settingsBefore?: Settings | undefined;
  /** Today's exemptions, and those before; where both are known. */
  readonly exemptions?:
    | { readonly before: readonly Exemption[]; readonly after: readonly Exemption[] }
    | undefined;
  /** Where the plan's resources are, as far as the plan itself does not tell. */
  readonly place?: Partial<PlanPlace> | undefined;
  /** The text of a template that the plan names and today's rules and settings do not give, by its key: an older one. */
  readonly templateAt?: ((key: string) => string | undefined) | undefined;
  /** What of the usual usage is known to be otherwise. */
  readonly usage?: Partial<Usage> | undefined;
}

export interface Review {
  readonly markdown: string;
  /** What must not be applied so; none for a plan that may. */
  readonly errors: readonly string[];
  readonly findings: readonly CheckFinding[];
}

/**
 * What a plan of Terraform means, for whoever is to approve it: the same text for the same plan. Never throws on a
 * plan that it does not understand; it says so.
 */
export const reviewPlan = (planJson: unknown, options: ReviewOptions): Review => {
  const parsed = PlanJson.safeParse(planJson);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const error =
      `This is not a plan as 'terraform show -json' writes it: ${issue?.path.map(String).join('.') || 'the whole'}: ` +
      `${issue?.message ?? 'not understood'}.`;
    return {
      markdown: ['# Plan review', `**Not reviewed.** ${plain(error)}`, ''].join('\n\n'),
      errors: [error],
      findings: [],
    };
  }
  return reviewParsed(parsed.data, options);
};

const reviewParsed = (plan: PlanJson, options: ReviewOptions): Review => {
  const reviewed = examine(plan, options);
  const { errors, verification } = reviewed;
  return { markdown: render(plan, options, reviewed), errors, findings: verification.findings };
};

/** Everything that a review is made of, before it is text. */
export interface Examination {
  readonly errors: readonly string[];
  readonly deployments: { readonly before: Deployment; readonly after: Deployment };
  readonly verification: CheckResults;
  readonly losses: readonly string[];
  readonly others: readonly string[];
  readonly access: readonly AccessChange[];
  readonly changes: readonly SettingsChange[];
  /** Whether the settings before were named, so that changes show. */
  readonly hasSettingsBefore: boolean;
}

const examine = (plan: PlanJson, options: ReviewOptions): Examination => {
  const { settings, rules, settingsBefore = settings, exemptions = { before: [], after: [] } } = options;
  const deployments = deploymentsOf(plan, options);
  const verification = runChecks(deployments.after, options);
  const { losses, others } = plannedDestructions(plan);
  const broken = verification.findings.filter(({ severity }) => severity === 'error');
  return {
    errors: [
      ...(plan.errored ? ['Terraform could not finish this plan.'] : []),
      ...losses,
      ...broken.map(describeFinding),
    ],
    deployments,
    verification,
    losses,
    others,
    access: [...accessDifference(deployments.before, deployments.after), ...resourcePolicyDifference(plan)],
    changes: [
      ...settingsDifference(settingsBefore, settings, rules),
      ...exemptionsDifference(exemptions.before, exemptions.after),
    ],
    hasSettingsBefore: options.settingsBefore !== undefined,
  };
};

const deploymentsOf = (plan: PlanJson, options: ReviewOptions) => {
  const { settings, rules, place, settingsBefore = settings, templateAt } = options;
  const [current, old] = [
    createTemplateLookup({ rules, settings }),
    createTemplateLookup({ rules, settings: settingsBefore }),
  ];
  return plannedDeployments(plan, {
    accountIds: settings.accounts.map(({ id }) => id),
    accountIdsBefore: settingsBefore.accounts.map(({ id }) => id),
    masterAccountId: settings.organization.masterAccountId,
    templateAt: (key) => current(key) ?? old(key) ?? templateAt?.(key),
    place,
  });
};

const render = (plan: PlanJson, options: ReviewOptions, reviewed: Examination): string => {
  const { settings, rules, place, settingsBefore = settings, usage } = options;
  const { losses, others, changes, access, deployments, verification } = reviewed;
  const desiredStates = { before: { rules, settings: settingsBefore }, after: options };
  const blocks = [
    '# Plan review',
    headline(reviewed),
    highlights(reviewed),
    section('Lost for good', list(losses.map(plain))),
    section('Taken away or made anew', foldedList('What goes', others.map(plain))),
    // Before what a comment may have no room for.
    section('Wiring', ...describeChecks(verification, deployments.after.gaps)),
    section('What changes', changeTable(plan, place, settings)),
    section('Settings and exemptions', list(changes.map(describeChange))),
    section('Who may do what', ...describeAccess(access)),
    section('Rules', ...describeRules(deployments)),
    section('Cost', describeCost(plan, deployments, desiredStates, { ...DEFAULT_USAGE, ...usage })),
    section('Every change', foldedList('By address', attributeChanges(plan).map(plain))),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

const describeChange = ({ widens, what }: SettingsChange): string =>
  widens ? `**wider** ${plain(what)}` : plain(what);

const describeRules = ({ before, after }: Examination['deployments']): readonly string[] => {
  // Without the old template every rule would seem new.
  const unknown = before.gaps.filter((gap) => gap.includes('template'));
  return [
    foldedList('Changes of rules', rulesDifference(before, after).map(plain)),
    ...(unknown.length === 0
      ? []
      : ['Rules may seem new, because what was there before is not known:', list(unknown.map(plain))]),
  ];
};
