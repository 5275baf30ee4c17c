import { documentChecks } from './document-checks.ts';
import { eventBusChecks } from './event-bus-checks.ts';
import { forwardingChecks } from './forwarding-checks.ts';
import { functionChecks } from './function-checks.ts';
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
import { serviceControlChecks } from './service-control-checks.ts';
import { logGroupChecks, storeChecks } from './store-checks.ts';
import { executionTrustChecks, memberTrustChecks, trustChecks } from './trust-checks.ts';
import type { Deployment, Part } from '../model/deployment.ts';
import type { Problem, Severity } from '../model/problem.ts';
import { unseenOf } from './uncovered.ts';
import type { Intent } from '../model/desired-state.ts';
import { wiringOf, type Check, type Wiring } from './check-context.ts';

/** A check, and the parts of a deployment without which it sees nothing. */
interface Looking {
  readonly at: readonly Part[];
  readonly check: Check;
}

const lookingAt = <Name extends string>(
  at: readonly Part[],
  checks: Readonly<Record<Name, Check>>,
): Readonly<Record<Name, Looking>> =>
  // Object.fromEntries forgets the names.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
  Object.fromEntries(
    Object.entries<Check>(checks).map(([name, check]) => [name, { at, check }] as const),
  ) as Record<Name, Looking>;

const CHECKS = {
  ...lookingAt(['functions'], functionChecks),
  ...lookingAt(['functions'], permissionChecks),
  ...lookingAt(['memberRoles', 'executionRoles'], trustChecks),
  ...lookingAt(['memberRoles'], memberTrustChecks),
  ...lookingAt(['executionRoles'], executionTrustChecks),
  ...lookingAt(['memberRoles', 'executionRoles'], policyChecks),
  ...lookingAt([], sessionPolicyChecks),
  ...lookingAt(['functions'], documentChecks),
  ...lookingAt(['rules'], ruleChecks),
  ...lookingAt(['packs'], packChecks),
  ...lookingAt(['recorders'], recorderChecks),
  ...lookingAt(['stores'], storeChecks),
  ...lookingAt(['logGroups'], logGroupChecks),
  ...lookingAt(['forwarding'], forwardingChecks),
  ...lookingAt(['changes'], eventBusChecks),
  ...lookingAt(['organization'], organizationChecks),
  ...lookingAt(['organizationAccounts'], organizationAccountChecks),
  ...lookingAt(['administration'], administrationChecks),
  ...lookingAt(['serviceControl'], serviceControlChecks),
} as const satisfies Record<string, Looking>;

/** The link that a check looks at: stable, for machines. */
export type CheckId = keyof typeof CHECKS;

// Object.keys of a literal is a list of its keys.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
export const checkIds = Object.keys(CHECKS) as readonly CheckId[];

/** One broken link. */
export interface Finding extends Problem {
  readonly check: CheckId;
  readonly severity: Severity;
}

/** A check that could not be made, or not everywhere, and why. */
export interface Unchecked {
  readonly check: CheckId;
  readonly why: readonly string[];
}

/** What became of every check: whole everywhere; or broken somewhere, not seen everywhere, or both. */
export interface Verification {
  /** In the order of the checks. */
  readonly findings: readonly Finding[];
  readonly passed: readonly CheckId[];
  readonly failed: readonly CheckId[];
  readonly unchecked: readonly Unchecked[];
}

/** Every broken link of a deployment, and what nobody can tell because its reader did not see it. */
export const verifyWiring = (deployment: Deployment, intent: Intent): Verification => {
  const wiring = wiringOf(deployment, intent);
  const results = checkIds.map((check) => resultOf(check, wiring));
  const isWhole = ({ findings, why }: Result) => findings.length + why.length === 0;
  return {
    findings: results.flatMap(({ findings }) => findings),
    passed: results.filter(isWhole).map(({ check }) => check),
    failed: results.filter(({ findings }) => findings.length > 0).map(({ check }) => check),
    unchecked: results.filter(({ why }) => why.length > 0).map(({ check, why }) => ({ check, why })),
  };
};

interface Result extends Unchecked {
  readonly findings: readonly Finding[];
}

const resultOf = (check: CheckId, wiring: Wiring): Result => {
  const { at, check: look } = CHECKS[check];
  const problems = look(wiring);
  return {
    check,
    findings: problems.flatMap(({ severity = 'error', ...problem }) =>
      severity === 'unknown' ? [] : { check, severity, ...problem },
    ),
    why: [
      ...unseenOf(wiring, at),
      ...problems
        .filter(({ severity }) => severity === 'unknown')
        .map(({ subject, problem }) => `${subject}: ${problem}`),
    ],
  };
};
