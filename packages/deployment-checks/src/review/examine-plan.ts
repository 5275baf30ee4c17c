import type { Exemption, Settings } from '@compliance/core';

import { runChecks, type CheckResults } from '../checks/run-checks.ts';
import type { Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { PlanJson } from '../plan/plan-json.ts';
import type { PlanPlace } from '../plan/plan-places.ts';
import { plannedDeployments } from '../plan/planned-deployments.ts';
import { createTemplateLookup } from '../templates/template-lookup.ts';
import { accessDifference, type AccessChange } from './access-difference.ts';
import { plannedDestructions } from './change-summary.ts';
import { describeFinding } from './describe-checks.ts';
import type { Usage } from './estimate-cost.ts';
import { resourcePolicyDifference } from './resource-policy-difference.ts';
import { publicationDifference } from './publication-difference.ts';
import type { SettingsChange } from './settings-difference.ts';

export interface ReviewOptions extends DesiredState {
  /** The settings that are deployed now, to show what changes. */
  readonly settingsBefore?: Settings | undefined;
  /** The exemptions before and after, if both are known. */
  readonly exemptions?:
    | { readonly before: readonly Exemption[]; readonly after: readonly Exemption[] }
    | undefined;
  /** The place of resources for which the plan has none. */
  readonly place?: Partial<PlanPlace> | undefined;
  /** Finds an older template by its key, when the settings do not generate it. */
  readonly templateAt?: ((key: string) => string | undefined) | undefined;
  /** Usage that differs from the default assumptions. */
  readonly usage?: Partial<Usage> | undefined;
}

/** The data of a review, before it is rendered. */
export interface PlanExamination {
  /** Why the plan must not be applied; empty if it may. */
  readonly errors: readonly string[];
  readonly deployments: { readonly before: Deployment; readonly after: Deployment };
  readonly results: CheckResults;
  readonly dataLosses: readonly string[];
  readonly otherDestructions: readonly string[];
  readonly access: readonly AccessChange[];
  readonly changes: readonly SettingsChange[];
  readonly comparison: Comparison;
}

/**
 * `compared`: with the settings that are deployed now. `first`: nothing is deployed, so everything is new. `unknown`:
 * something is deployed, but not with which settings.
 */
type Comparison = 'compared' | 'first' | 'unknown';

/** Compares the deployments before and after a plan, and runs all checks. */
export const examinePlan = (plan: PlanJson, options: ReviewOptions): PlanExamination => {
  const comparison = comparisonOf(plan, options);
  const deployments = deploymentsOf(plan, options);
  const results = runChecks(deployments.after, options);
  const { dataLosses, otherDestructions } = plannedDestructions(plan);
  return {
    errors: [
      ...(plan.errored ? ['Terraform could not complete this plan.'] : []),
      ...dataLosses,
      ...results.findings.filter(({ severity }) => severity === 'error').map(describeFinding),
    ],
    deployments,
    results,
    dataLosses,
    otherDestructions,
    access: [...accessDifference(deployments.before, deployments.after), ...resourcePolicyDifference(plan)],
    changes: comparison === 'unknown' ? [] : settingsChanges(options, comparison),
    comparison,
  };
};

const settingsChanges = (
  { settings, rules, settingsBefore = settings, exemptions = { before: [], after: [] } }: ReviewOptions,
  comparison: Comparison,
): readonly SettingsChange[] =>
  publicationDifference(
    comparison === 'first' ? undefined : { settings: settingsBefore, exemptions: exemptions.before },
    { settings, exemptions: exemptions.after },
    rules,
  );

const comparisonOf = (plan: PlanJson, { settingsBefore }: ReviewOptions): Comparison => {
  if (settingsBefore) return 'compared';
  const managed = plan.resource_changes.filter(({ mode }) => mode === 'managed');
  return managed.length > 0 && managed.every(({ change }) => !change.before) ? 'first' : 'unknown';
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
