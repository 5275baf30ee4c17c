import {
  AccountId,
  cached,
  cachedSettings,
  createAccountContacts,
  createEvaluate,
  createRemediate,
  deliverOrKeep,
  engineGrants,
  evaluateGrants,
  keepUndelivered,
  parseExemptions,
  permanent,
  putEvaluations,
  redeliver,
  remediateGrants,
  type OperateDependencies,
  type Session,
} from '@compliance/core';
import { createOperate } from '@compliance/core/operate';
import { createRecover } from '@compliance/core/recover';
import {
  answersThrough,
  fakeSession,
  sinkThrough,
  tableThrough,
  type Effect,
} from '@compliance/core/simulation';

import { unavailable, type Place, PLACES } from '../base/faults.ts';
import { memberAnswers } from '../world/aws.ts';
import { configAnswers } from '../world/aws-config.ts';
import type { Run, Write } from '../world/run.ts';
import { RULES, memberOf, type Stage } from './stage.ts';
import { REGION } from './world-settings.ts';

/** One instance of the functions: it serves one run at a time, and ends with a run that is killed. */
export interface Instance {
  run: Run | undefined;
  readonly handle: (input: unknown) => Promise<unknown>;
}

/** A single call that fails although its service is there. */
const FAULT_RATE = 0.006;

const GRANTS = [
  ...engineGrants.evaluate,
  ...engineGrants.remediate,
  ...RULES.flatMap((rule) => [...evaluateGrants(rule), ...remediateGrants(rule)]),
];

export const createInstance = (stage: Stage, onKilled: (run: Run) => void): Instance => {
  const { clock } = stage.scheduler;
  const current = () => {
    if (!instance.run) throw new Error('An instance without a run had an effect.');
    return instance.run;
  };
  const effect = createEffect(stage, current, onKilled);
  const table = tableThrough(effect, stage.table);
  const sinks = stage.sinks.map((sink) => sinkThrough(effect, sink));
  const sessions = new Map<string, Session>();
  const sessionOf = (accountId: string): Session => {
    const known = sessions.get(accountId) ?? openSession(stage, accountId, { effect, current });
    sessions.set(accountId, known);
    return known;
  };

  const open = ({ accountId, region }: { readonly accountId: AccountId; readonly region: string }) =>
    effect('sts', () => {
      noteStrayRole(stage, accountId, region);
      return sessionOf(accountId);
    });
  const dependencies: OperateDependencies = {
    loadRule: async (command) => {
      const rule = RULES.find((one) => one.command === command);
      if (!rule) throw permanent('unknown-command', `Unknown rule ${command}.`);
      return rule;
    },
    loadSettings: cachedSettings(() => effect('settings', () => stage.settings.storedSettings()), clock.now),
    loadExemptions: cached(
      () => effect('settings', () => parseExemptions(stage.settings.storedExemptions(clock.now()))),
      60,
      clock.now,
    ),
    openSession: open,
    isStopped: () => effect('settings', () => stage.settings.current().isStopped),
    publish: deliverOrKeep(sinks, keepUndelivered(table, clock.now)),
    contacts: createAccountContacts(),
    table,
    now: clock.now,
    verifyCaller: async (proof) => {
      const [arn = '', signature = ''] = proof.split('#');
      return { arn, accountId: AccountId.parse(arn.split(':')[4]), signature };
    },
  };
  const evaluate = createEvaluate({
    ...dependencies,
    openSession: open,
    put: putEvaluations,
    recover: async (request) => void (await createRecover(dependencies)(request)),
    redeliver: (scope) => redeliver(table, scope, { sinks, now: clock.now }),
  });
  const remediate = createRemediate(dependencies);
  const instance: Instance = {
    run: undefined,
    handle: (input) => {
      const { door, requestId, endsAt } = current();
      switch (door) {
        case 'evaluate':
          return evaluate(input, { awsRequestId: requestId });
        case 'remediate':
          return remediate(input, { requestId, endsAt });
        case 'operate':
          return createOperate({ ...dependencies, requestId, endsAt })(input);
        default:
          throw new Error(`Unknown door ${String(door satisfies never)}`);
      }
    },
  };
  return instance;
};

const isPlace = (place: string): place is Place => PLACES.some((known) => known === place);

/** Each effect waits for its turn; then its run may end there, its service may be away, or its answer may be lost. */
const createEffect = (stage: Stage, current: () => Run, onKilled: (run: Run) => void): Effect => {
  const { random, scheduler, outages, counts } = stage;
  const never = <T>() => new Promise<T>(() => {});
  return async (place, act) => {
    const run = current();
    await scheduler.turn();
    if (run.isDead) return never();
    run.effects += 1;
    const isAway = isPlace(place) && outages.isAway(place, scheduler.clock.now());
    const fails = !stage.isHealed && (isAway || random.chance(FAULT_RATE));
    const isDone = !isAway && random.chance(0.5);
    if (run.effects === run.killAt) {
      if (run.isLastDone && !isAway) await act();
      onKilled(run);
      return never();
    }
    if (!fails) return act();
    counts.faults += 1;
    if (isDone) await act();
    throw unavailable(place);
  };
};

const openSession = (
  stage: Stage,
  accountId: string,
  { effect, current }: { readonly effect: Effect; readonly current: () => Run },
): Session => {
  const account = memberOf(stage, accountId);
  const { clock } = stage.scheduler;
  const watcher = {
    run: current,
    now: clock.now,
    onWrite: (write: Write) => {
      stage.writes.push(write);
      if (write.what === 'versioning') stage.onChanged(account, write.bucket);
    },
  };
  const config = configAnswers(account, {
    commands: RULES.map(({ command }) => command),
    onViolation: (command, resourceId) => stage.onViolation(account, command, resourceId),
    onAsked: (command) => stage.onAsked(account, command),
  });
  return fakeSession({
    allow: GRANTS,
    answers: [
      ...answersThrough(effect, 'config', config),
      ...answersThrough(effect, 'aws', memberAnswers(account, watcher)),
    ],
    accountId,
    region: REGION,
    clock,
  });
};

const noteStrayRole = (
  { settings, scheduler, strayRoles }: Stage,
  accountId: string,
  region: string,
): void => {
  const isListed = settings.mayHaveBeen(scheduler.clock.now(), ({ accounts }) =>
    accounts.includes(accountId),
  );
  if (!isListed || region !== REGION) strayRoles.push(`${accountId} ${region}`);
};
