import { runChecks, type CheckResults } from '../checks/run-checks.ts';
import { describeIncomplete, summarize } from '../checks/summarize.ts';
import { readDeployment, type LiveAccess } from '../live/read-deployment.ts';
import type { Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { PlanJson } from '../plan/plan-json.ts';
import type { PlanPlace } from '../plan/plan-places.ts';
import { plannedDeployments } from '../plan/planned-deployments.ts';
import { createTemplateLookup } from '../templates/template-lookup.ts';

/** The result of a command: for a person, for a machine, and for the shell. */
export interface Answer {
  readonly text: string;
  readonly json: object;
  /** 0: no error found; 1: an error found; 2: invalid input, or nothing to compare with; 3: AWS could not be read completely. */
  readonly exitCode: 0 | 1 | 2 | 3;
}

type PreflightSource =
  | { readonly type: 'live'; readonly access: LiveAccess }
  | { readonly type: 'plan'; readonly plan: unknown; readonly place?: Partial<PlanPlace> };

export interface PreflightOptions extends DesiredState {
  readonly source: PreflightSource;
}

/** Runs `compliance preflight`: all checks, on a plan or, read-only, on the live accounts. */
export const preflight = async ({ source, ...desired }: PreflightOptions): Promise<Answer> => {
  switch (source.type) {
    case 'live': {
      const deployment = await readDeployment(source.access, desired.settings);
      // A gap in live accounts may hide an error; in a plan, the values are only known after apply.
      return answer(deployment, desired, deployment.gaps.length > 0 ? 3 : 0);
    }
    case 'plan': {
      const parsed = PlanJson.safeParse(source.plan);
      if (!parsed.success)
        return {
          text: "The input is not a plan as 'terraform show -json' writes it.\n",
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
      throw new Error(`Unknown source: ${JSON.stringify(source satisfies never)}.`);
  }
};

const answer = (deployment: Deployment, desired: DesiredState, otherwise: 0 | 3): Answer => {
  const results = runChecks(deployment, desired);
  const { findings, passed, failed, unchecked } = results;
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  return {
    text: textOf(results, deployment.gaps),
    json: { findings, checks: { passed, failed, unchecked }, gaps: deployment.gaps },
    exitCode: hasErrors ? 1 : otherwise,
  };
};

const textOf = (results: CheckResults, gaps: readonly string[]): string =>
  [
    ...results.findings.map(
      ({ severity, check, subject, problem, remedy }) =>
        `${severity} ${check}: ${subject}\n  ${problem}\n  ${remedy}`,
    ),
    ...block('Could not be read or parsed:', gaps),
    `${summarize(results)}${results.unchecked.length > 0 ? ':' : '.'}`,
    ...describeIncomplete(results.unchecked).map((line) => `  ${line}`),
    '',
  ].join('\n');

const block = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
