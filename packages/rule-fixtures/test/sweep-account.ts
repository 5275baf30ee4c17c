// Prints as JSON what a sweep by all rules asks AWS about an account with many resources of each kind, Region by Region.
// Its arguments are the address of the emulator and the number of resources of a kind in a Region.
import { ACCOUNT_TYPE, systemClock, type Rule } from '@compliance/core';
import type { Seed } from '@compliance/core/testing';
import { loadAllRules } from '@compliance/registry';

import { contractFixtures, numberedSession } from '../src/index.ts';
import { countingSession } from './count-calls.ts';
import { ELSEWHERE, HOME, openAccount, sweepOnly } from './emulated-account.ts';

const [endpoint = '', wanted = '100'] = process.argv.slice(2);

/** What AWS allows in a Region, where that is less. */
const QUOTAS: Readonly<Record<string, number>> = { 'AWS::CloudTrail::Trail': 5 };
/** Stands still during the sweep: shared loads live for a minute, and a busy machine may need longer for all rules. */
let sweepTime: Date | undefined;
const clock = { ...systemClock, now: () => sweepTime ?? systemClock.now() };

/** The seeds of the contracts by the type that their rule judges. What an account has once is left as it is. */
const seedsByType = async (rules: readonly Rule[]): Promise<ReadonlyMap<string, readonly Seed[]>> => {
  const contracts = await contractFixtures(rules.map(({ command }) => command));
  const ofResources = rules.filter(({ resourceType }) => resourceType !== ACCOUNT_TYPE);
  const typed = ofResources.flatMap(({ command, resourceType }) =>
    contracts
      .filter((contract) => contract.command === command)
      .flatMap(({ fixtures }) => [fixtures.compliant, fixtures.nonCompliant, fixtures.manual ?? {}])
      .flatMap((kind) => Object.values(kind).map((seed) => ({ resourceType, seed }))),
  );
  return new Map(
    [...Map.groupBy(typed, ({ resourceType }) => resourceType)].map(([type, found]) => [
      type,
      found.map(({ seed }) => seed),
    ]),
  );
};

/** Repeats the seeds of a type in a Region until there are enough resources, or none can be made any more. */
const fill = async (
  type: string,
  seeds: readonly Seed[],
  { numbered, region }: Numbered,
): Promise<number> => {
  const enough = Math.min(Number(wanted), QUOTAS[type] ?? Infinity);
  let made = 0;
  for (let before = -1; made < enough && made > before;) {
    before = made;
    for (const seed of seeds) {
      if (made >= enough) break;
      try {
        await numbered(`-${(seeded += 1)}`, seed, region);
        made += 1;
      } catch {
        // Another seed excludes it, such as a second one of what an account has once.
      }
    }
  }
  return made;
};
let seeded = 0;

interface Numbered {
  readonly numbered: ReturnType<typeof numberedSession>['numbered'];
  readonly region: string;
}

const rules = await loadAllRules();
const admin = await openAccount(endpoint, clock);
const { numbered } = numberedSession(admin);
const seeds = await seedsByType(rules);
const types: { type: string; region: string; made: number }[] = [];
const regions = [HOME, ELSEWHERE];
const runsIn = (rule: Rule, region: string) => region === HOME || rule.deploy === 'every-region';
for (const region of regions)
  for (const [type, found] of seeds)
    if (rules.some((rule) => rule.resourceType === type && runsIn(rule, region)))
      types.push({ type, region, made: await fill(type, found, { numbered, region }) });

const { session, calls, as } = countingSession(admin);
const notificationTime = systemClock.now();
sweepTime = notificationTime;
const swept: { command: string; region: string; resources: number; calls: number }[] = [];
for (const region of regions)
  for (const rule of rules.filter((candidate) => runsIn(candidate, region))) {
    const before = calls.length;
    const { resources } = await as(rule.command, () => sweepOnly(rule, session.at(region), notificationTime));
    swept.push({ command: rule.command, region, resources, calls: calls.length - before });
  }
process.stdout.write(JSON.stringify({ types, swept }));
