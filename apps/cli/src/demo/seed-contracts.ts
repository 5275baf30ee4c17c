import { AccountId, createSession } from '@compliance/core';
import type { Seed } from '@compliance/core/testing';
import type { LocalOrg } from '@compliance/local-org';
import type { ContractFixtures } from '@compliance/rule-fixtures';

import { MEMBERS } from './demo-settings.ts';

export const MANAGEMENT = 'management';

/** How many violations of the contracts the organization holds, and the rules of which it holds none, with the reason. */
export interface Seeded {
  readonly violations: number;
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * The accounts of the demo of all rules. Seeds that another account refuses go to `research`. Nothing is made in `new`,
 * which lacks what an account should have. In `management` are those of rules on the organization.
 */
export const ACCOUNTS = [...MEMBERS, { name: 'research' }, { name: 'new' }, { name: MANAGEMENT }] as const;

/**
 * Creates the violations of the rules' contracts in the members: of each rule, the first in the first account, and so on.
 * Contracts expect an empty account, so that seeds of two rules may exclude each other: another account is tried.
 */
export const seedContracts = async (
  org: LocalOrg,
  contracts: readonly ContractFixtures[],
  isOfManagement: (command: string) => boolean,
): Promise<Seeded> => {
  const seeded = new Set<string>();
  const missing = new Map<string, string>();
  let violations = 0;
  for (const contract of contracts)
    for (const [index, seed] of violatingSeeds(contract).entries()) {
      const refusal = await seedSomewhere(org, seed, isOfManagement(contract.command) ? MANAGEMENT : index);
      if (refusal === undefined) {
        seeded.add(contract.command);
        violations += 1;
      } else missing.set(contract.command, refusal);
    }
  await org.whenIdle();
  for (const command of seeded) missing.delete(command);
  return { violations, missing };
};

/** The seeds that a contract proves to be violations. */
export const violatingSeeds = ({ fixtures }: ContractFixtures): readonly Seed[] => {
  const { nonCompliant, manual = {}, oneWay = {}, settling = {} } = fixtures;
  return [
    ...Object.values(nonCompliant),
    ...Object.values(oneWay),
    ...Object.values(settling).map(({ seed }) => seed),
    ...Object.values(manual),
  ];
};

/** @returns why no account takes the seed, if none does */
const seedSomewhere = async (
  org: LocalOrg,
  seed: Seed,
  first: number | typeof MANAGEMENT,
): Promise<string | undefined> => {
  const members = org.organization.members.filter(({ name }) => MEMBERS.some((usual) => usual.name === name));
  const spare = org.organization.members.filter(({ name }) => name === 'research');
  const own =
    first === MANAGEMENT ? [org.organization.management] : members.slice(first % members.length).slice(0, 1);
  const others = first === MANAGEMENT ? [] : [...spare, ...members];
  let refusal: string | undefined;
  for (const { id } of new Set([...own, ...others])) {
    try {
      await seed(adminOf(org, id));
      return undefined;
    } catch (error) {
      refusal ??= error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }
  return refusal;
};

const adminOf = (org: LocalOrg, accountId: string) =>
  createSession({
    accountId: AccountId.parse(accountId),
    region: org.homeRegion,
    credentials: org.credentials(accountId),
    endpoint: org.endpointUrl,
  });
