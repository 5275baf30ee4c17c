import { applicableTo, explain, parametersOf, type Rule, type Settings } from '@compliance/core';

/**
 * What compliance.yaml says that the rules cannot follow: a rule that does not exist, a parameter that a rule does not
 * take; a sentence each. Nothing may be built while there is one.
 */
export const settingsProblems = (settings: Settings, rules: readonly Rule[]): readonly string[] => {
  const known = new Map(rules.map((rule) => [rule.command, rule]));
  const unknown = Object.keys(settings.rules).filter((command) => !known.has(command));
  return [
    ...unknown.map(
      (command) =>
        `compliance.yaml has settings for ${command}, and there is no such rule. There are: ${[...known.keys()].join(', ')}.`,
    ),
    ...new Set(rules.flatMap((rule) => parameterProblems(settings, rule))),
  ];
};

const parameterProblems = (settings: Settings, rule: Rule): readonly string[] =>
  settings.accounts.flatMap((account) => {
    try {
      parametersOf(rule, applicableTo(settings, account, rule.command));
      return [];
    } catch (error) {
      return [`For account ${account.id} (${account.name}): ${explain(error)}`];
    }
  });
