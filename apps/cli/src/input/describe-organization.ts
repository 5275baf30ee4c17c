import { applicableTo, type Exemption, type Rule, type Settings } from '@compliance/core';
import { coverage, frameworks, isSelected } from '@compliance/frameworks';
import { loadAllRules } from '@compliance/registry';
import type { Organization } from '@compliance/state';

type RuleRow = Organization['rules'][number];
type FrameworkRow = Organization['frameworks'][number];

/** Describes the organization for the dashboard. Without settings, only its rules and frameworks are known. */
export const describeOrganization = async (
  settings: Settings | undefined,
  exemptions: readonly Exemption[],
): Promise<Organization> => {
  const rules = await loadAllRules();
  const { organization, accounts = [] } = settings ?? {};
  const id = organization?.id ?? organization?.masterAccountId ?? 'organization';
  return {
    id,
    name: id,
    rules: rules.map(ruleRow),
    frameworks: frameworks.map((framework) => frameworkRow(framework, rules)),
    accounts: accounts.map((account) => ({
      id: account.id,
      name: account.name,
      unit: account.ou ?? 'Root',
      ...(account.owner !== undefined && { owner: account.owner }),
    })),
    exemptions,
  };
};

/** Whether a rule judges an account by the settings; of an account that they do not list, nothing is in the state. */
export const scopeOf = async (
  settings: Settings,
): Promise<(accountId: string, command: string) => boolean> => {
  const rules = new Map((await loadAllRules()).map((rule) => [rule.command, rule]));
  const accounts = new Map(settings.accounts.map((account) => [account.id as string, account]));
  const selected = new Set(
    [...rules.values()].filter((rule) => isSelected(settings, rule)).map(({ command }) => command),
  );
  const known = new Map<string, boolean>();
  return (accountId, command) => {
    const account = accounts.get(accountId);
    if (!account) return false;
    const key = `${command}|${account.groups.join('|')}`;
    const isOn =
      known.get(key) ??
      (applicableTo(settings, account, command).mode !== 'off' &&
        (!rules.has(command) || selected.has(command)));
    known.set(key, isOn);
    return isOn;
  };
};

/** The service as AWS writes it: a filter has one of it for rules of its resources and of the account. */
const serviceOf = (command: string, resourceType: string): string => {
  const [prefix = ''] = command.split('_');
  return resourceType.split('::')[1] || (SERVICES.find((name) => name.toUpperCase() === prefix) ?? prefix);
};

const SERVICES = [
  'AccessAnalyzer',
  'Account',
  'CloudTrail',
  'CloudWatch',
  'Config',
  'GuardDuty',
  'Macie',
  'Organizations',
  'SecurityHub',
] as const;

const ruleRow = (rule: Rule): RuleRow => {
  const { command, title, severity, resourceType, rationale, impact, guidance, controls } = rule;
  return {
    command,
    title,
    severity,
    service: serviceOf(command, resourceType),
    resourceType,
    fix: !rule.fix ? 'person' : impact === undefined ? 'safe' : 'impact',
    rationale,
    ...(impact !== undefined && { impact }),
    ...(guidance !== undefined && { guidance }),
    controls: Object.fromEntries(Object.entries(controls).map(([framework, ids]) => [framework, [...ids]])),
  };
};

const frameworkRow = (framework: (typeof frameworks)[number], rules: readonly Rule[]): FrameworkRow => {
  const indexes = new Map(rules.map(({ command }, index) => [command, index]));
  return {
    id: framework.id,
    title: framework.title,
    requirements: coverage(framework, rules).flatMap(({ title: section, requirements }) =>
      requirements.map(({ id, title, level, assessment, rules: own, detection, fix, human }) => ({
        id,
        title,
        section,
        level,
        assessment,
        rules: own.flatMap((command) => indexes.get(command) ?? []),
        detection,
        fix: fix === true ? ('all' as const) : fix === 'partial' ? ('some' as const) : ('none' as const),
        ...(human !== undefined && { human }),
      })),
    ),
  };
};
