import type { RuleFixtures } from '@compliance/core/testing';

import { collectTests } from './collect-tests.ts';
import { packageOf } from './packages.ts';

/** The fixtures of one contract of a rule. */
export interface ContractFixtures {
  readonly command: string;
  readonly fixtures: RuleFixtures;
}

/** The contracts of rules in this checkout, loaded without running them. */
export const contractFixtures = async (commands: readonly string[]): Promise<readonly ContractFixtures[]> => {
  const contracts: ContractFixtures[] = [];
  // One after the other: the collector holds the tests of one package at a time.
  for (const command of commands) contracts.push(...(await collectTests(packageOf(command))).contracts);
  return contracts;
};
