import type { Rule, Settings } from '@compliance/core';
import { terraformModules, type ModuleFiles } from '@compliance/infra/terraform-modules';

/** The targets that deploy modules, in the order in which to run them, and their modules. */
const MODULES = {
  'deploy-master': /^master-/,
  'deploy-member': /^member-/,
  rollout: /^(rollout|account-packs)\//,
} as const;
export type DeployTarget = keyof typeof MODULES;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys of a literal is a list of its keys.
const TARGETS = Object.keys(MODULES) as readonly DeployTarget[];

/** The targets whose modules differ between two settings. Publishing alone does not change what they deploy. */
export const changedTargets = (
  before: Settings,
  after: Settings,
  rules: readonly Rule[],
): readonly DeployTarget[] => {
  const [was, is] = [modulesBefore(before, rules), terraformModules(after, rules)];
  if (!was) return TARGETS;
  const paths = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changed = paths.filter((path) => was[path] !== is[path]);
  return TARGETS.filter((target) => changed.some((path) => MODULES[target].test(path)));
};

/** `undefined`: the published settings name what this release no longer has, such as a rule. */
const modulesBefore = (before: Settings, rules: readonly Rule[]): ModuleFiles | undefined => {
  try {
    return terraformModules(before, rules);
  } catch {
    return undefined;
  }
};
