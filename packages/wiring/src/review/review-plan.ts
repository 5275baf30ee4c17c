import { canonical, type Exemption, type Settings } from '@compliance/core';

import type { Deployment } from '../deployment.ts';
import type { Finding } from '../finding.ts';
import type { PlanPlace } from '../plan/places.ts';
import { PlanJson } from '../plan/plan-json.ts';
import { readPlan } from '../plan/read-plan.ts';
import { templatesOf } from '../templates-of.ts';
import { reasonsOf, summaryOf } from '../unchecked.ts';
import { verifyWiring, type Verification } from '../verify-wiring.ts';
import type { Intent } from '../wiring.ts';
import { accessDifference, type AccessChange } from './access-difference.ts';
import { attributeChanges } from './attribute-changes.ts';
import { changeTable, destructions } from './change-summary.ts';
import { describeCost } from './describe-cost.ts';
import { USUAL, type Usage } from './estimate-cost.ts';
import { exemptionsDifference } from './exemptions-difference.ts';
import { foldedList, list, plain, section } from './markdown.ts';
import { resourcePolicyDifference } from './resource-policy-difference.ts';
import { rulesDifference } from './rules-difference.ts';
import { settingsDifference, type SettingsChange } from './settings-difference.ts';

export interface ReviewOptions extends Intent {
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
    accountIdsBefore: settingsBefore.accounts.map(({ id }) => id),
    masterAccountId: settings.organization.masterAccountId,
    templateAt: (key) => current(key) ?? old(key) ?? templateAt?.(key),
    place,
  });
  const { after } = deployments;
  const verification = verifyWiring(after, options);
  const { findings } = verification;
  const { losses, others } = destructions(plan);
  const broken = findings.filter(({ severity }) => severity === 'error');
  const errors = [
    ...(plan.errored ? ['Terraform could not finish this plan.'] : []),
    ...losses,
    ...broken.map(describeFinding),
  ];
  const access = [...accessDifference(deployments.before, after), ...resourcePolicyDifference(plan)];
  const { before: exempted = [], after: exempt = [] } = options.exemptions ?? {};
  const changes = [
    ...settingsDifference(settingsBefore, settings, rules),
    ...exemptionsDifference(exempted, exempt),
  ];
  const markdown = [
    '# Plan review',
    verdict(errors.length, findings.length - broken.length),
    inShort({
      losses,
      others,
      access,
      changes,
      verification,
      knowsBefore: options.settingsBefore !== undefined,
    }),
    section('Lost for good', list(losses.map(plain))),
    section('Taken away or made anew', foldedList('What goes', others.map(plain))),
    section('What changes', changeTable(plan, place, settings)),
    section('Settings and exemptions', list(changes.map(describeChange))),
    section('Who may do what', ...accessBlocks(access)),
    section('Rules', ...ruleBlocks(deployments)),
    section('Wiring', ...wiringBlocks(verification, after)),
    section(
      'Cost',
      describeCost(
        plan,
        deployments,
        { before: { rules, settings: settingsBefore }, after: options },
        { ...USUAL, ...usage },
      ),
    ),
    section('Every change', foldedList('By address', attributeChanges(plan).map(plain))),
  ];
  return { markdown: `${markdown.filter((block) => block !== '').join('\n\n')}\n`, errors, findings };
};

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const verdict = (errors: number, warnings: number): string =>
  errors === 0
    ? `**No errors**, ${counted(warnings, 'warning')}.`
    : `**${counted(errors, 'error')}**, ${counted(warnings, 'warning')}. Do not apply this plan.`;

interface Summary {
  readonly losses: readonly string[];
  readonly others: readonly string[];
  readonly access: readonly AccessChange[];
  readonly changes: readonly SettingsChange[];
  readonly verification: Verification;
  readonly knowsBefore: boolean;
}

/** What a reviewer must not miss, before anything else. */
const inShort = ({ losses, others, access, changes, verification, knowsBefore }: Summary): string => {
  const wider = access.filter(({ widens }) => widens);
  const hidden = wider.filter(({ what }) => what.includes('known only after apply')).length;
  const settings = changes.filter(({ widens }) => widens).length;
  return list([
    losses.length + others.length === 0
      ? 'Nothing is taken away or made anew.'
      : `${counted(losses.length + others.length, 'resource')} taken away or made anew.`,
    wider.length === 0
      ? 'Nobody may do more than before.'
      : `${counted(wider.length, 'change')} by which somebody may do more than before` +
        (hidden === 0 ? '.' : `, ${hidden} of them known only after apply.`),
    knowsBefore
      ? `${counted(settings, 'change')} of settings by which the product may do more than before.`
      : 'The settings before were not named (--base, --settings-before), so that changes of modes do not show.',
    `${summaryOf(verification)}.`,
  ]);
};

const wiringBlocks = (verification: Verification, after: Deployment): readonly string[] => {
  const { findings, unchecked } = verification;
  return [
    findings.length === 0
      ? 'Every link that was looked at is whole.'
      : list(
          findings.map(
            (finding) =>
              `${finding.severity === 'error' ? '**Error**' : 'Warning'}: ${plain(describeFinding(finding))} ${plain(finding.remedy)}`,
          ),
        ),
    ...(unchecked.length === 0
      ? []
      : [
          `${counted(unchecked.length, 'check')} could not be made everywhere:`,
          list(reasonsOf(unchecked).map(plain)),
        ]),
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

const describeChange = ({ widens, what }: SettingsChange) =>
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

const heading = (title: string, told: string, who: readonly Told[] = []): readonly string[] =>
  who.length === 0 ? [] : [title, foldedList(told, who.map(describeTold))];

/** Who, and what becomes of them: a line each, or one line for one thing. */
interface Told {
  readonly who: string;
  readonly what: readonly string[];
}

const describeTold = ({ who, what }: Told): string => {
  const [first = '', ...more] = what;
  if (more.length === 0) return `${plain(who)} ${plain(first)}`;
  return [`${plain(who)}:`, ...what.map((each) => `  - ${plain(each)}`)].join('\n');
};

/** What becomes of a role in every account alike is told once. */
const accessLines = (changes: readonly AccessChange[]): readonly Told[] => {
  const told = [...Map.groupBy(changes, ({ who }) => who)].map(([who, each]) => {
    const [, name = '', accountId = ''] = /^role (.+) in (\d{12})$/.exec(who) ?? [];
    const what = each.map((change) =>
      accountId === '' ? change.what : change.what.replaceAll(accountId, 'ACCOUNT'),
    );
    return { who, what: each.map((change) => change.what), alike: what, name, accountId };
  });
  const keyOf = ({ who, name, alike, accountId }: (typeof told)[number]) =>
    canonical(accountId === '' ? [who] : [name, alike]);
  return [...Map.groupBy(told, keyOf).values()].map((same) => {
    const [first] = same;
    if (same.length === 1 && first) return first;
    const accounts = same.map(({ accountId }) => accountId).join(', ');
    return { who: `role ${first?.name ?? ''} in ${accounts}`, what: first?.alike ?? [] };
  });
};
