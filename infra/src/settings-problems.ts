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
 * Reports settings that no rule can use, one sentence each: unknown rules, resource types and invalid parameters.
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
    ...unknownTypes(settings, rules),
    ...new Set(rules.flatMap((rule) => parameterProblems(settings, rule))),
  ];
};

const unknownTypes = ({ recording }: Settings, rules: readonly Rule[]): readonly string[] => {
  const known = new Set(rules.map(({ resourceType }) => resourceType));
  return (recording?.scheduleOnly ?? [])
    .filter((type) => !known.has(type))
    .map(
      (type) =>
        `Unknown resource type in recording.scheduleOnly: ${type}. Rules have: ${[...known].join(', ')}.`,
    );
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
