import {
  applicableTo,
  explain,
  isGlobMatch,
  parametersOf,
  partitionOf,
  type Rule,
  type Settings,
} from '@compliance/core';

/**
 * Reports settings that no rule can use, one sentence each: unknown rules and invalid parameters.
 * Nothing may be built while there is one.
 */
export const settingsProblems = (settings: Settings, rules: readonly Rule[]): readonly string[] => {
  const known = new Map(rules.map((rule) => [rule.command, rule]));
  const unknown = Object.keys(settings.rules).filter(
    (key) => !rules.some(({ command }) => isGlobMatch(key, command)),
  );
  return [
    ...unknown.map(
      (command) =>
        `Unknown rule in compliance.yaml: ${command}. Known rules: ${[...known.keys()].join(', ')}.`,
    ),
    ...new Set(rules.flatMap((rule) => parameterProblems(settings, rule))),
  ];
};

const parameterProblems = (settings: Settings, rule: Rule): readonly string[] =>
  settings.accounts.flatMap((account) => {
    try {
      const { homeRegion: region } = settings.organization;
      const place = { accountId: account.id, region, partition: partitionOf(region) };
      parametersOf(rule, applicableTo(settings, account, rule.command), place);
      return [];
    } catch (error) {
      return [`Invalid settings for account ${account.id} (${account.name}): ${explain(error)}`];
    }
  });
