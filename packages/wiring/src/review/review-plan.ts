import type { Settings } from '@compliance/core';

import type { Deployment } from '../deployment.ts';
import type { Finding } from '../finding.ts';
import type { PlanPlace } from '../plan/places.ts';
import { PlanJson } from '../plan/plan-json.ts';
import { readPlan } from '../plan/read-plan.ts';
import { templatesOf } from '../templates-of.ts';
import { unseen } from '../unseen.ts';
import { verifyWiring } from '../verify-wiring.ts';
import type { Intent } from '../wiring.ts';
import { accessDifference, type AccessChange } from './access-difference.ts';
import { changeTable, losses } from './change-summary.ts';
import { describeCost } from './describe-cost.ts';
import { USUAL, type Usage } from './estimate-cost.ts';
import { foldedList, list, plain, section } from './markdown.ts';
import { rulesDifference } from './rules-difference.ts';
import { settingsDifference } from './settings-difference.ts';

export interface ReviewOptions extends Intent {
  /** The settings that hold today, where the review is of a change of them, too. */
  readonly settingsBefore?: Settings | undefined;
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
  readonly findings: readonly Finding[];
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
  const { settings, rules, place, settingsBefore = settings, templateAt, usage } = options;
  const [current, old] = [templatesOf({ rules, settings }), templatesOf({ rules, settings: settingsBefore })];
  const deployments = readPlan(plan, {
    accountIds: settings.accounts.map(({ id }) => id),
    templateAt: (key) => current(key) ?? old(key) ?? templateAt?.(key),
    place,
  });
  const { after } = deployments;
  const findings = verifyWiring(after, options);
  const lost = losses(plan);
  const errors = [
    ...(plan.errored ? ['Terraform could not finish this plan.'] : []),
    ...lost,
    ...findings.filter(({ severity }) => severity === 'error').map(describeFinding),
  ];
  const markdown = [
    '# Plan review',
    verdict(errors.length, findings.length - findings.filter(({ severity }) => severity === 'error').length),
    section('What changes', changeTable(plan, place)),
    section('Lost for good', list(lost.map(plain))),
    section('Wiring', ...wiringBlocks(findings, after, options)),
    section('Rules', ...ruleBlocks(deployments)),
    section('Settings', list(settingsDifference(settingsBefore, settings, rules).map(describeChange))),
    section('Who may do what', ...accessBlocks(accessDifference(deployments.before, after))),
    section(
      'Cost',
      describeCost(
        deployments,
        { before: { rules, settings: settingsBefore }, after: options },
        { ...USUAL, ...usage },
      ),
    ),
  ];
  return { markdown: `${markdown.filter((block) => block !== '').join('\n\n')}\n`, errors, findings };
};

const verdict = (errors: number, warnings: number): string => {
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return errors === 0
    ? `**No errors**, ${counted(warnings, 'warning')}.`
    : `**${counted(errors, 'error')}**, ${counted(warnings, 'warning')}. Do not apply this plan.`;
};

const wiringBlocks = (
  findings: readonly Finding[],
  after: Deployment,
  options: ReviewOptions,
): readonly string[] => {
  const out = unseen(after, options);
  return [
    findings.length === 0
      ? 'Every link that the plan holds is whole.'
      : list(
          findings.map(
            (finding) =>
              `${finding.severity === 'error' ? '**Error**' : 'Warning'}: ${plain(describeFinding(finding))} ${plain(finding.remedy)}`,
          ),
        ),
    ...(out.length === 0 ? [] : ['Not in this plan, and so not looked at:', list(out.map(plain))]),
    ...(after.gaps.length === 0
      ? []
      : ['Not understood, or known only after apply:', list(after.gaps.map(plain))]),
  ];
};

const ruleBlocks = ({ before, after }: { readonly before: Deployment; readonly after: Deployment }) => {
  // Without the old template every rule would seem new.
  const unknown = before.gaps.filter((gap) => gap.includes('template'));
  return [
    foldedList('Changes of rules', rulesDifference(before, after).map(plain)),
    ...(unknown.length === 0
      ? []
      : ['Rules may seem new, because what was there before is not known:', list(unknown.map(plain))]),
  ];
};

const describeFinding = ({ check, subject, problem }: Finding) => `${check}: ${subject}: ${problem}`;

const describeChange = ({ widens, what }: { readonly widens: boolean; readonly what: string }) =>
  widens ? `**wider** ${plain(what)}` : plain(what);

const accessBlocks = (changes: readonly AccessChange[]): readonly string[] => {
  const [wider, narrower] = [true, false].map((widens) =>
    accessLines(changes.filter((change) => change.widens === widens)),
  );
  return [
    ...heading('More than before:', 'Who gains access', wider),
    ...heading('Less than before:', 'Who loses access', narrower),
  ];
};

const heading = (title: string, summary: string, lines: readonly string[] = []) =>
  lines.length === 0 ? [] : [title, foldedList(summary, lines.map(plain))];

/** What becomes of a role in every account alike is one line. */
const accessLines = (changes: readonly AccessChange[]): readonly string[] => {
  const lines = [...Map.groupBy(changes, ({ who }) => who)].map(([who, each]) => {
    const [, name = '', accountId = ''] = /^role (.+) in (\d{12})$/.exec(who) ?? [];
    const what = each.map((change) => change.what).join('; ');
    const alike = accountId === '' ? what : what.replaceAll(accountId, 'ACCOUNT');
    return { who, what, accountId, key: accountId === '' ? who : `role ${name} ${alike}` };
  });
  return [...Map.groupBy(lines, ({ key }) => key)].map(([key, alike]) => {
    const [first] = alike;
    if (alike.length === 1 && first) return `${first.who} ${first.what}`;
    return `${key}, in ${alike.map(({ accountId }) => accountId).join(', ')}`;
  });
};
