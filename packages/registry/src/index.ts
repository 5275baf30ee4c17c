import { permanent, type Rule } from '@compliance/core/scan';

import { loaders } from './loaders.ts';

/** Every command, sorted. */
export const commands: readonly string[] = Object.keys(loaders).toSorted();

/** Loads the rule of a ComplianceCommand. @throws {ComplianceError} permanent `unknown-command` */
export const loadRule = async (command: string): Promise<Rule> => {
  const load = Object.hasOwn(loaders, command) ? loaders[command] : undefined;
  if (!load)
    throw permanent(
      'unknown-command',
      `Unknown rule '${command}'. 'compliance rules list' shows the rules of this release.`,
    );
  const { rule, release } = await load();
  return release ? { ...rule, release } : rule;
};

/** Loads every rule, sorted by command. A function loads one rule only. */
export const loadAllRules = (): Promise<readonly Rule[]> => Promise.all(commands.map(loadRule));
