import type { Rule } from '@compliance/core';

import type { MappedFramework } from './mapped-frameworks.ts';

/** A requirement with how many of its checks the rules make. It says nothing on the requirement as a whole. */
export interface MappedCoverage {
  readonly id: string;
  /** Checks that Prowler maps to the requirement. */
  readonly checks: number;
  /** Those of them that a rule makes. */
  readonly checked: number;
  /** The commands of these rules, sorted. */
  readonly rules: readonly string[];
}

type MappedRule = Pick<Rule, 'command' | 'equivalents'>;

/** Derives from the rules' equivalents in Prowler which checks of a framework they make. */
export const mappedCoverage = (
  framework: MappedFramework,
  rules: readonly MappedRule[],
): readonly MappedCoverage[] => {
  const byCheck = Map.groupBy(
    rules.flatMap(({ command, equivalents }) =>
      (equivalents?.prowler ?? []).map((check) => ({ command, check })),
    ),
    ({ check }) => check,
  );
  return framework.requirements.map(({ id, checks, names }) => {
    const checked = names.filter((name) => byCheck.has(name));
    const commands = checked.flatMap((name) => (byCheck.get(name) ?? []).map(({ command }) => command));
    return { id, checks, checked: checked.length, rules: [...new Set(commands)].toSorted() };
  });
};
