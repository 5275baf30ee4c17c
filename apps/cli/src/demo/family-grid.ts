import type { Rule } from '@compliance/core';
import { familiesOf } from '@compliance/rule-fixtures';

import { drawRows, type GridVerdict } from './grid.ts';

type FamilyRule = Pick<Rule, 'command' | 'resourceType'>;

/** The family of each rule: the largest that its package builds on, or the service of its resources if no other does. */
export const familiesByCommand = (
  rules: readonly FamilyRule[],
  builtOn: (command: string) => readonly string[] = familiesOf,
): ReadonlyMap<string, string> => {
  const candidates = rules.map((rule) => ({ rule, families: builtOn(rule.command) }));
  const sizes = sizesOf(candidates.flatMap(({ families }) => families));
  const chosen = candidates.map(({ rule, families }) => ({
    rule,
    family: families.toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))[0],
  }));
  const shared = sizesOf(chosen.flatMap(({ family }) => family ?? []));
  return new Map(
    chosen.map(({ rule, family }) => [
      rule.command,
      family !== undefined && (shared.get(family) ?? 0) > 1 ? family : serviceOf(rule),
    ]),
  );
};

const sizesOf = (families: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(families, (family) => family)].map(([family, { length }]) => [family, length]));

const serviceOf = ({ resourceType }: FamilyRule): string =>
  (resourceType.split('::')[1] ?? '').toLowerCase() || 'account';

export interface FamilyAxes {
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly rules: readonly { readonly ruleName: string; readonly family: string }[];
}

/** Draws accounts × families with the number of violations, or of compliant resources. */
export const drawFamilyGrid = (verdicts: readonly GridVerdict[], { accounts, rules }: FamilyAxes): string => {
  const families = [...Map.groupBy(rules, ({ family }) => family)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return drawRows(
    verdicts,
    accounts,
    families.map(([family, members]) => ({
      title: `${family} (${members.length} ${members.length === 1 ? 'rule' : 'rules'})`,
      ruleNames: members.map(({ ruleName }) => ruleName),
    })),
  );
};
