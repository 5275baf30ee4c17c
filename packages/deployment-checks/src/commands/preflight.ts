import type { Deployment } from '../model/deployment.ts';
import { readDeployment, type LiveAccess } from '../live/read-deployment.ts';
import type { PlanPlace } from '../plan/plan-places.ts';
import { PlanJson } from '../plan/plan-json.ts';
import { plannedDeployments } from '../plan/read-plan.ts';
import { describeIncomplete, summarize } from '../checks/summarize.ts';
import { createTemplateLookup } from '../templates/template-lookup.ts';
import { runChecks, type CheckResults } from '../checks/run-checks.ts';
import type { DesiredState } from '../model/desired-state.ts';

/** A command's answer: for a person, for a machine, and for the shell. */
export interface Answer {
  readonly text: string;
  readonly json: object;
  /** 0: nothing is broken; 1: something is; 2: the input is not what was asked for; 3: AWS could not be read. */
  readonly exitCode: 0 | 1 | 2 | 3;
}

export type PreflightSource =
  | { readonly type: 'live'; readonly access: LiveAccess }
  | { readonly type: 'plan'; readonly plan: unknown; readonly place?: Partial<PlanPlace> };

export interface PreflightOptions extends DesiredState {
  readonly source: PreflightSource;
}

/** `compliance preflight`: whether everything that must fit does, on a plan or - read-only - on live accounts. */
export const preflight = async ({ source, ...desired }: PreflightOptions): Promise<Answer> => {
  switch (source.type) {
    case 'live': {
      const deployment = await readDeployment(source.access, desired.settings);
      // Live, what could not be read might be broken; in a plan, it is known after apply.
      return answer(deployment, desired, deployment.gaps.length > 0 ? 3 : 0);
    }
    case 'plan': {
      const parsed = PlanJson.safeParse(source.plan);
      if (!parsed.success)
        return {
          text: "This is not a plan as 'terraform show -json' writes it.\n",
          json: {
            findings: [],
            checks: { passed: [], failed: [], unchecked: [] },
            gaps: parsed.error.issues.map(({ message }) => message),
          },
          exitCode: 2,
        };
      const accountIds = desired.settings.accounts.map(({ id }) => id);
      return answer(
        plannedDeployments(parsed.data, {
          accountIds,
          masterAccountId: desired.settings.organization.masterAccountId,
          place: source.place,
          templateAt: createTemplateLookup(desired),
        }).after,
        desired,
        0,
      );
    }
    default:
      throw new Error(`There is nothing to look at in ${JSON.stringify(source satisfies never)}.`);
  }
};

const answer = (deployment: Deployment, desired: DesiredState, otherwise: 0 | 3): Answer => {
  const verification = runChecks(deployment, desired);
  const { findings, passed, failed, unchecked } = verification;
  const isBroken = findings.some(({ severity }) => severity === 'error');
  return {
    text: textOf(verification, deployment.gaps),
    json: { findings, checks: { passed, failed, unchecked }, gaps: deployment.gaps },
    exitCode: isBroken ? 1 : otherwise,
  };
};

const textOf = (verification: CheckResults, gaps: readonly string[]): string =>
  [
    ...verification.findings.map(
      ({ severity, check, subject, problem, remedy }) =>
        `${severity} ${check}: ${subject}\n  ${problem}\n  ${remedy}`,
    ),
    ...block('Could not be read or understood:', gaps),
    `${summarize(verification)}${verification.unchecked.length > 0 ? ':' : '.'}`,
    ...describeIncomplete(verification.unchecked).map((line) => `  ${line}`),
    '',
  ].join('\n');

const block = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
