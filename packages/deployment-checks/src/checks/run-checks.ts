import type { Part } from '../model/coverage.ts';
import type { Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { Problem, Severity } from '../model/problem.ts';
import { createCheckContext, type Check, type CheckContext } from './check-context.ts';
import { dashboardChecks } from './dashboard-checks.ts';
import { documentChecks } from './document-checks.ts';
import { eventBusChecks } from './event-bus-checks.ts';
import { forwardingChecks } from './forwarding-checks.ts';
import { functionChecks } from './function-checks.ts';
import { keeperChecks, signingKeyChecks } from './keeper-checks.ts';
import {
  administrationChecks,
  organizationAccountChecks,
  organizationChecks,
} from './organization-checks.ts';
import { packChecks } from './pack-checks.ts';
import { permissionChecks } from './permission-checks.ts';
import { policyChecks, sessionPolicyChecks } from './policy-checks.ts';
import { recorderChecks } from './recorder-checks.ts';
import { ruleChecks } from './rule-checks.ts';
import { settingsChecks } from './settings-checks.ts';
import { serviceControlChecks } from './service-control-checks.ts';
import { logGroupChecks, storeChecks } from './store-checks.ts';
import { executionTrustChecks, memberTrustChecks, trustChecks } from './trust-checks.ts';
import { uncoveredParts } from './uncovered.ts';

/** A check and the parts of a deployment that it reads. */
interface RegisteredCheck {
  readonly parts: readonly Part[];
  readonly run: Check;
}

const requiring = <Name extends string>(
  parts: readonly Part[],
  checks: Readonly<Record<Name, Check>>,
): Readonly<Record<Name, RegisteredCheck>> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries loses the names.
  Object.fromEntries(
    Object.entries<Check>(checks).map(([name, run]) => [name, { parts, run }] as const),
  ) as Record<Name, RegisteredCheck>;

const CHECKS = {
  ...requiring(['functions'], functionChecks),
  ...requiring(['functions'], permissionChecks),
  ...requiring(['memberRoles', 'executionRoles'], trustChecks),
  ...requiring(['memberRoles'], memberTrustChecks),
  ...requiring(['executionRoles'], executionTrustChecks),
  ...requiring(['memberRoles', 'executionRoles'], policyChecks),
  ...requiring([], sessionPolicyChecks),
  ...requiring([], settingsChecks),
  ...requiring(['functions'], documentChecks),
  ...requiring(['rules'], ruleChecks),
  ...requiring(['packs'], packChecks),
  ...requiring(['recorders'], recorderChecks),
  ...requiring(['stores'], storeChecks),
  ...requiring(['logGroups'], logGroupChecks),
  ...requiring(['forwarding'], forwardingChecks),
  ...requiring(['changes'], eventBusChecks),
  ...requiring(['keeper'], keeperChecks),
  ...requiring(['signingKey'], signingKeyChecks),
  ...requiring(['dashboard'], dashboardChecks),
  ...requiring(['organization'], organizationChecks),
  ...requiring(['organizationAccounts'], organizationAccountChecks),
  ...requiring(['administration'], administrationChecks),
  ...requiring(['serviceControl'], serviceControlChecks),
} as const satisfies Record<string, RegisteredCheck>;

/** Stable id of a check, for machines. */
export type CheckId = keyof typeof CHECKS;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys of a literal is a list of its keys.
export const checkIds = Object.keys(CHECKS) as readonly CheckId[];

/** A problem, the check that found it, and how bad it is. */
export interface CheckFinding extends Problem {
  readonly check: CheckId;
  readonly severity: Severity;
}

/** A check that could not run everywhere, and why. */
export interface IncompleteCheck {
  readonly check: CheckId;
  readonly why: readonly string[];
}

/** The results of all checks. A check passes, or it fails somewhere, is incomplete somewhere, or both. */
export interface CheckResults {
  /** In the order of the checks. */
  readonly findings: readonly CheckFinding[];
  readonly passed: readonly CheckId[];
  readonly failed: readonly CheckId[];
  readonly unchecked: readonly IncompleteCheck[];
}

/** Runs every check on a deployment. */
export const runChecks = (deployment: Deployment, desired: DesiredState): CheckResults => {
  const context = createCheckContext(deployment, desired);
  const results = checkIds.map((check) => runCheck(check, context));
  const hasPassed = ({ findings, why }: Result) => findings.length + why.length === 0;
  return {
    findings: results.flatMap(({ findings }) => findings),
    passed: results.filter(hasPassed).map(({ check }) => check),
    failed: results.filter(({ findings }) => findings.length > 0).map(({ check }) => check),
    unchecked: results.filter(({ why }) => why.length > 0).map(({ check, why }) => ({ check, why })),
  };
};

interface Result extends IncompleteCheck {
  readonly findings: readonly CheckFinding[];
}

const runCheck = (check: CheckId, context: CheckContext): Result => {
  const { parts, run } = CHECKS[check];
  const problems = run(context);
  return {
    check,
    findings: problems.flatMap(({ severity = 'error', ...problem }) =>
      severity === 'undetermined' ? [] : { check, severity, ...problem },
    ),
    why: [
      ...uncoveredParts(context, parts),
      ...problems
        .filter(({ severity }) => severity === 'undetermined')
        .map(({ subject, problem }) => `${subject}: ${problem}`),
    ],
  };
};
