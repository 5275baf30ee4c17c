import { SEVERITIES, type Rule, type Severity } from '@compliance/core/scan';
import type { Level } from '@compliance/frameworks';
import { loadAllRules, loadRule } from '@compliance/registry';

import { assertRule } from '../../input/unknown-rule.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface RuleSelection {
  readonly rule: readonly string[];
  readonly framework?: string;
  /** Of the framework's requirements. */
  readonly level?: '1' | '2';
  /** The least severity. */
  readonly severity?: Severity;
}

/** Loads the rules that all options select. @throws {UsageError} when they select none */
export const selectRules = async ({
  rule,
  framework,
  level,
  severity = 'low',
}: RuleSelection): Promise<readonly Rule[]> => {
  if (level !== undefined && framework === undefined)
    throw new UsageError('--level is of a framework. Use --framework with it, such as cis-7.0.');
  for (const command of rule) assertRule(command);
  const named = rule.length > 0 ? await Promise.all(rule.map(loadRule)) : await loadAllRules();
  const covering =
    framework === undefined
      ? undefined
      : (await import('./commands-covering.ts')).commandsCovering(
          framework,
          await loadAllRules(),
          level === undefined ? undefined : LEVELS[level],
        );
  const selected = named
    .filter((one) => SEVERITIES.indexOf(one.severity) >= SEVERITIES.indexOf(severity))
    .filter(({ command }) => covering?.has(command) ?? true);
  if (selected.length === 0) throw new UsageError('No rule has all that the options ask for.');
  return selected;
};

const LEVELS = { '1': 1, '2': 2 } as const satisfies Record<string, Level>;
