import type { Rule } from '@compliance/core/scan';
import { coverage, mappedCoverage, type Level } from '@compliance/frameworks';

import { findFramework } from '../../input/find-framework.ts';
import { UsageError } from '../../output/exit-codes.ts';

/**
 * The rules that answer the requirements of a framework. A module of its own, so that other scans load no framework.
 * @throws {UsageError} when there is no such framework, or it has no levels
 */
export const commandsCovering = (
  id: string,
  rules: readonly Rule[],
  level: Level | undefined,
): ReadonlySet<string> => {
  const framework = findFramework(id);
  if ('sections' in framework)
    return commandsIn(
      coverage(framework, rules)
        .flatMap(({ requirements }) => requirements)
        .filter((requirement) => level === undefined || requirement.level === level),
    );
  if (level !== undefined) throw new UsageError(`${framework.id} has no levels. Leave out --level.`);
  return commandsIn(mappedCoverage(framework, rules));
};

const commandsIn = (requirements: readonly { readonly rules: readonly string[] }[]) =>
  new Set(requirements.flatMap(({ rules }) => rules));
