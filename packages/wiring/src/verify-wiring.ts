import { documentChecks } from './checks/document-checks.ts';
import { functionChecks } from './checks/function-checks.ts';
import { packChecks } from './checks/pack-checks.ts';
import { permissionChecks } from './checks/permission-checks.ts';
import { policyChecks } from './checks/policy-checks.ts';
import { recorderChecks } from './checks/recorder-checks.ts';
import { ruleChecks } from './checks/rule-checks.ts';
import { storeChecks } from './checks/store-checks.ts';
import { trustChecks } from './checks/trust-checks.ts';
import type { Deployment } from './deployment.ts';
import type { Finding } from './finding.ts';
import { wiringOf, type Check, type Intent } from './wiring.ts';

const CHECKS = {
  ...functionChecks,
  ...permissionChecks,
  ...trustChecks,
  ...policyChecks,
  ...documentChecks,
  ...ruleChecks,
  ...packChecks,
  ...recorderChecks,
  ...storeChecks,
} as const satisfies Record<string, Check>;

/** The link that a check looks at: stable, for machines. */
export type CheckId = keyof typeof CHECKS;

// Object.keys of a literal is a list of its keys.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
export const checkIds = Object.keys(CHECKS) as readonly CheckId[];

/**
 * Every broken link of a deployment, in the order of the checks. It sees what the deployment's reader looked at;
 * `unseen` tells the rest.
 */
export const verifyWiring = (deployment: Deployment, intent: Intent): readonly Finding[] => {
  const wiring = wiringOf(deployment, intent);
  return checkIds.flatMap((check) =>
    CHECKS[check](wiring).map((problem) => ({ check, severity: 'error' as const, ...problem })),
  );
};
