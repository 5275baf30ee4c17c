import { SEVERITIES, type Account, type Severity } from '@compliance/core/scan';
import { isExcluded, isExempt, isViolation, type Finding } from '@compliance/report';

import type { Fails } from '../finding-facts.ts';
import { aligned, lines } from '../../../output/aligned.ts';

interface RuleSum {
  readonly severity: Severity | undefined;
  violations: number;
  /** Accounts with a violation. */
  readonly accounts: Set<string>;
}

interface UnitSum {
  readonly accounts: Set<string>;
  readonly bySeverity: Record<Severity, number>;
  violations: number;
}

/** What a scan of many accounts found, as numbers: their memory does not grow with the resources. */
export interface Sums {
  readonly add: (account: Account, findings: readonly Finding[], fails: Fails) => void;
  readonly violations: () => number;
  /** Findings that fail the pipeline. */
  readonly failing: () => number;
  readonly text: () => string;
}

export const createSums = (): Sums => {
  const rules = new Map<string, RuleSum>();
  const units = new Map<string, UnitSum>();
  const counts = { NON_COMPLIANT: 0, COMPLIANT: 0, NOT_APPLICABLE: 0, exempt: 0, excluded: 0 };

  let failing = 0;

  const addViolation = (account: Account, { command, severity }: Finding) => {
    const rule = rules.get(command) ?? { severity, violations: 0, accounts: new Set() };
    rules.set(command, rule);
    rule.violations += 1;
    rule.accounts.add(account.id);
    const unit = unitOf(account);
    unit.violations += 1;
    if (severity) unit.bySeverity[severity] += 1;
  };
  const unitOf = ({ id, ou = '(no unit)' }: Account): UnitSum => {
    const unit = units.get(ou) ?? {
      accounts: new Set(),
      bySeverity: { low: 0, medium: 0, high: 0, critical: 0 },
      violations: 0,
    };
    units.set(ou, unit);
    unit.accounts.add(id);
    return unit;
  };

  return {
    add: (account, findings, fails) => {
      unitOf(account);
      for (const finding of findings) {
        counts[finding.complianceType] += 1;
        if (fails(finding)) failing += 1;
        if (isExempt(finding)) counts.exempt += 1;
        if (isExcluded(finding)) counts.excluded += 1;
        if (isViolation(finding)) addViolation(account, finding);
      }
    },
    violations: () => counts.NON_COMPLIANT,
    failing: () => failing,
    text: () =>
      lines([
        ...(rules.size > 0 ? [...ruleLines(rules), ''] : []),
        ...(units.size > 1 ? [...unitLines(units), ''] : []),
        `${counts.NON_COMPLIANT} non-compliant${counts.excluded ? ` (${counts.excluded} managed by AWS or the landing zone)` : ''}, ` +
          `${counts.COMPLIANT} compliant, ` +
          `${counts.NOT_APPLICABLE} not applicable${counts.exempt ? ` (${counts.exempt} exempt)` : ''}.`,
      ]),
  };
};

const rank = (severity: Severity | undefined) => (severity ? SEVERITIES.indexOf(severity) : -1);

const ruleLines = (rules: ReadonlyMap<string, RuleSum>): readonly string[] =>
  aligned([
    ['Severity', 'Rule', 'Violations', 'Accounts'],
    ...[...rules]
      .toSorted(
        ([one, a], [other, b]) =>
          rank(b.severity) - rank(a.severity) || b.violations - a.violations || (one < other ? -1 : 1),
      )
      .map(([command, { severity = '', violations, accounts }]) => [
        severity,
        command,
        violations,
        accounts.size,
      ]),
  ]);

const unitLines = (units: ReadonlyMap<string, UnitSum>): readonly string[] =>
  aligned([
    ['Unit', 'Accounts', 'Violations', 'Critical', 'High'],
    ...[...units]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([unit, { accounts, violations, bySeverity }]) => [
        unit,
        accounts.size,
        violations,
        bySeverity.critical,
        bySeverity.high,
      ]),
  ]);
