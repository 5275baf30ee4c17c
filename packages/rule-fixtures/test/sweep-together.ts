// Prints as JSON which questions the rules of one sweep ask AWS twice. Its argument is the address of the emulator.
// A process of its own, because the fixtures are loaded from test files, which a running test would run.
import { systemClock, type Session } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';

import { contractFixtures } from '../src/index.ts';
import { countingSession, repeated } from './count-calls.ts';
import { ELSEWHERE, HOME, openAccount, sweepOnly } from './emulated-account.ts';

const [endpoint = ''] = process.argv.slice(2);
/** Stands still during the sweep: shared loads live for a minute, and a busy machine may need longer for all rules. */
let sweepTime: Date | undefined;
const clock = { ...systemClock, now: () => sweepTime ?? systemClock.now() };

/** Seeds what the contracts seed, as far as one account can hold it together. @returns the number of resources */
const seed = async (admin: Session, commands: readonly string[]): Promise<number> => {
  let seeded = 0;
  for (const { fixtures } of await contractFixtures(commands))
    for (const kind of [fixtures.compliant, fixtures.nonCompliant, fixtures.manual ?? {}])
      for (const make of Object.values(kind))
        try {
          await make(admin);
          seeded += 1;
        } catch {
          // The account has this already: another seed has made a resource of the same name.
        }
  return seeded;
};

const rules = await loadAllRules();
const admin = await openAccount(endpoint, clock);
const seeded = await seed(
  admin,
  rules.map(({ command }) => command),
);
const { session, calls, as } = countingSession(admin);
const notificationTime = systemClock.now();
sweepTime = notificationTime;
let resources = 0;
for (const rule of rules)
  for (const region of rule.deploy === 'every-region' ? [HOME, ELSEWHERE] : [HOME]) {
    const counts = await as(rule.command, () => sweepOnly(rule, session.at(region), notificationTime));
    resources += counts.resources;
  }
process.stdout.write(
  JSON.stringify({
    rules: rules.length,
    seeded,
    resources,
    calls: calls.length,
    repeated: repeated(calls),
  }),
);
