// Creates in accounts of a local organization what the contracts of rules seed. Its argument is JSON: where, and which rules.
// A process of its own, because the fixtures are loaded from test files, which a running test would run.
import { AccountId, createSession, type Session } from '@compliance/core';
import { contractFixtures, numberedSession } from '@compliance/rule-fixtures';
import * as z from 'zod';

import { violatingSeeds } from '../src/demo/seed-contracts.ts';

export type SeedOrder = z.input<typeof SeedOrder>;

const SeedOrder = z.object({
  endpoint: z.string(),
  region: z.string(),
  accounts: z.array(
    z.object({
      accountId: AccountId,
      credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
    }),
  ),
  commands: z.array(z.string()),
});

const { endpoint, region, accounts, commands } = SeedOrder.parse(JSON.parse(process.argv[2] ?? ''));
const sessions = accounts.map(({ accountId, credentials }) =>
  createSession({ accountId, region, endpoint, credentials }),
);
let seeded = 0;

/** A seed whose names are taken gets a number. What an account has once, it may refuse all the same. */
const seedIn = async (session: Session, seed: (session: Session) => Promise<unknown>): Promise<void> => {
  const { numbered } = numberedSession(session);
  try {
    await seed(session);
  } catch {
    await numbered(`-${seeded}`, seed, region).catch(() => {});
  }
};

for (const contract of await contractFixtures(commands)) {
  const { compliant, notApplicable = {} } = contract.fixtures;
  for (const seed of [
    ...Object.values(compliant),
    ...violatingSeeds(contract),
    ...Object.values(notApplicable),
  ]) {
    const session = sessions[seeded % sessions.length];
    seeded += 1;
    if (session) await seedIn(session, seed);
  }
}
