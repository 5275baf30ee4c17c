import type { Rule, Settings } from '@compliance/core';

import type { Level, Requirement } from './framework.ts';
import { frameworks } from './frameworks.ts';
import { mappedFrameworks } from './mapped/mapped-frameworks.ts';

type Selection = Pick<Settings, 'frameworks'>;
type SelectableRule = Pick<Rule, 'command' | 'controls' | 'equivalents'>;

/** The ids that settings may select. */
export const frameworkIds: readonly string[] = [...frameworks, ...mappedFrameworks].map(({ id }) => id);

/** Whether a framework tells levels apart; those that are known by Prowler's checks do not. */
export const hasLevels = (id: string): boolean => frameworks.some((framework) => framework.id === id);

/** The rules that a selected requirement names, each once, in their order; all of them when settings select nothing. */
export const selectedRules = <R extends SelectableRule>(
  settings: Selection,
  rules: readonly R[],
): readonly R[] => rules.filter((rule) => isSelected(settings, rule));

/** Whether the settings select a rule. An unknown framework names none. */
export const isSelected = ({ frameworks: selected }: Selection, rule: SelectableRule): boolean =>
  selected === undefined ||
  selected.some(({ id, level }) => {
    const { requirements, checks } = namesOf(id, level);
    return (
      (rule.controls[id] ?? []).some((requirement) => requirements?.has(requirement) ?? true) ||
      (rule.equivalents?.prowler ?? []).some((check) => checks.has(check))
    );
  });

interface Names {
  /** Ids of requirements, as in `rule.controls`; `undefined` where only the rules know them, as of aws-fsbp. */
  readonly requirements: ReadonlySet<string> | undefined;
  /** Checks of Prowler, as in `rule.equivalents`. */
  readonly checks: ReadonlySet<string>;
}

const known = new Map<string, Names>();

/** What a selection names. Kept, because a plan asks for each rule and account. */
const namesOf = (id: string, level: Level | undefined): Names => {
  const key = `${id} ${level}`;
  const names = known.get(key) ?? findNames(id, level);
  known.set(key, names);
  return names;
};

const findNames = (id: string, level: Level | undefined): Names => {
  const mapped = mappedFrameworks.find((framework) => framework.id === id);
  if (mapped)
    return {
      requirements: undefined,
      checks: new Set(mapped.requirements.flatMap(({ names }) => names)),
    };
  const sections = frameworks.find((framework) => framework.id === id)?.sections ?? [];
  return {
    requirements: new Set(
      sections.flatMap(({ requirements }) => requirements.filter(isWithin(level)).map((each) => each.id)),
    ),
    checks: new Set(),
  };
};

/** Level 2 includes level 1. Where sources disagree on a level, leaving a requirement out would be the worse mistake. */
const isWithin =
  (most: Level = 2) =>
  ({ level }: Requirement): boolean =>
    level === null || level <= most;
