import { join } from 'node:path';

import type { RuleFixtures } from '@compliance/core/testing';

import { collectTests } from './collect-tests.ts';

/** The fixtures of one contract of a rule. */
export interface ContractFixtures {
  readonly command: string;
  readonly fixtures: RuleFixtures;
}

const REPOSITORY = join(import.meta.dirname, '../../..');

/** The contracts of rules in this checkout, loaded without running them. */
export const contractFixtures = async (commands: readonly string[]): Promise<readonly ContractFixtures[]> => {
  const contracts: ContractFixtures[] = [];
  // One after the other: the collector holds the tests of one package at a time.
  for (const command of commands) {
    const folder = command.toLowerCase().replaceAll('_', '-');
    contracts.push(...(await collectTests(join(REPOSITORY, 'packages/rules', folder))).contracts);
  }
  return contracts;
};
