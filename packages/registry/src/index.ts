import { permanent, type Rule } from '@compliance/core';

import { loaders } from './loaders.ts';

/** Every command, sorted. */
export const commands: readonly string[] = Object.keys(loaders).toSorted();

/** The rule behind a ComplianceCommand. @throws {ComplianceError} permanent `unknown-command` */
export const loadRule = async (command: string): Promise<Rule> => {
  const load = Object.hasOwn(loaders, command) ? loaders[command] : undefined;
  if (!load)
    throw permanent(
      'unknown-command',
      `Unknown ComplianceCommand '${command}'. Known: ${commands.join(', ')}.`,
    );
  return (await load()).rule;
};

/** Every rule, in the order of their commands: for what is derived from all of them, never inside a function. */
export const loadAllRules = (): Promise<readonly Rule[]> => Promise.all(commands.map(loadRule));
