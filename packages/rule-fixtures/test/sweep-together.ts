// Prints as JSON which questions the rules of one sweep ask AWS twice. Its argument is the address of the emulator.
// A process of its own, because the fixtures are loaded from test files, which a running test would run.
import { randomInt } from 'node:crypto';

import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AccountId, createSession, sweep, systemClock, type Rule, type Session } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';

import { contractFixtures } from '../src/index.ts';
import { countingSession, repeated } from './count-calls.ts';

const [endpoint = ''] = process.argv.slice(2);
const HOME = 'eu-west-1';
const ELSEWHERE = 'eu-central-1';
/** Stands still during the sweep: shared loads live for a minute, and a busy machine may need longer for all rules. */
let sweepTime: Date | undefined;
const clock = { ...systemClock, now: () => sweepTime ?? systemClock.now() };

const openAccount = async (): Promise<Session> => {
  const accountId = AccountId.parse(String(randomInt(1e11, 1e12 - 1)));
  const sts = new STSClient({
    endpoint,
    region: HOME,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/Admin`, RoleSessionName: 'sweep' }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  return createSession({ accountId, region: HOME, credentials, endpoint, clock });
};

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

const judgeNothing = async (rule: Rule, session: Session, notificationTime: Date) =>
  sweep({
    rule,
    session,
    notificationTime,
    judge: () => ({ complianceType: 'COMPLIANT' }),
    full: true,
    repeatNonCompliant: false,
    send: async () => {},
    onUnchanged: async () => {},
    vanishedReason: '',
    onUnreadable: () => {},
  });

const rules = await loadAllRules();
const admin = await openAccount();
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
    const counts = await as(rule.command, () =>
      judgeNothing(rule, session.at(region).asOf(notificationTime), notificationTime),
    );
    resources += counts.resources;
  }
process.stdout.write(
  JSON.stringify({
    rules: rules.length,
    seeded,
    resources,
    calls: calls.length,
    repeated: repeated(calls),
    all: calls,
  }),
);
