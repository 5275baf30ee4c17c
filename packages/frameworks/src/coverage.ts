import type { Rule } from '@compliance/core';

import type { Framework, Requirement } from './framework.ts';

/** A requirement with what its rules cover. */
export interface CoveredRequirement extends Requirement {
  /** The commands whose `controls` name it, sorted. */
  readonly rules: readonly string[];
  /** `full`: nothing remains for a person. `partial`: `human` says what remains. `human`: no rule judges it. */
  readonly detection: 'full' | 'partial' | 'human';
  /** Whether all of its rules have a fix, some, or none. */
  readonly fix: true | 'partial' | false;
}

interface CoveredSection {
  readonly title: string;
  readonly requirements: readonly CoveredRequirement[];
}

/** The part of a rule that its coverage depends on. */
type CoveringRule = Pick<Rule, 'command' | 'controls' | 'partly'> & { readonly fix?: unknown };

/** The `human` of a requirement that a rule could cover, and none does. */
export const NO_RULE_YET = 'No rule covers this requirement yet.';

/** Derives what the rules cover of a framework, by section. */
export const coverage = (framework: Framework, rules: readonly CoveringRule[]): readonly CoveredSection[] =>
  framework.sections.map(({ title, requirements }) => ({
    title,
    requirements: requirements.map((requirement) =>
      cover(
        requirement,
        rules.filter(({ controls }) => controls[framework.id]?.includes(requirement.id)),
      ),
    ),
  }));

const cover = (requirement: Requirement, rules: readonly CoveringRule[]): CoveredRequirement => {
  const { id, title, level, assessment } = requirement;
  const remains = remainder(requirement, rules);
  return {
    id,
    title,
    level,
    assessment,
    rules: rules.map(({ command }) => command).toSorted(),
    detection: rules.length === 0 ? 'human' : remains === undefined ? 'full' : 'partial',
    fix: fixOf(rules),
    ...(remains !== undefined && { human: remains }),
  };
};

/** What a person has to do besides the rules, if anything. */
const remainder = ({ human }: Requirement, rules: readonly CoveringRule[]): string | undefined => {
  const texts = [human, ...rules.map(({ partly }) => partly)].filter((text) => text !== undefined);
  if (texts.length > 0) return [...new Set(texts)].join(' ');
  return rules.length === 0 ? NO_RULE_YET : undefined;
};

const fixOf = (rules: readonly CoveringRule[]): CoveredRequirement['fix'] => {
  const fixable = rules.filter(({ fix }) => fix !== undefined);
  if (fixable.length === 0) return false;
  return fixable.length === rules.length ? true : 'partial';
};
