import {
  exampleRule,
  sampleChangeEvent,
  sampleDeletedEvent,
  samplePayload,
} from '@compliance/core/simulation';
import { MODES } from '@compliance/core';
import * as z from 'zod';

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/faults.ts';
import { newBucket, type MemberAccount } from '../world/account.ts';
import { writeAsMember } from '../world/aws.ts';
import { deployedName } from '../world/aws-config.ts';
import type { Callers } from './callers.ts';
import type { Invoke } from './lambda.ts';
import { LEAVER, RULES, START, STRANGER, type Stage } from './stage.ts';
import { REGION } from './world-settings.ts';

interface Cast {
  readonly stage: Stage;
  readonly callers: Callers;
  readonly invoke: Invoke;
}

/** Runs something at a time; its failure is a defect of the simulation. */
const start = ({ stage }: Cast, time: Date, work: () => Promise<unknown> | void): void =>
  stage.scheduler.at(time, () => {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => stage.defects.push(error));
  });

const after = ({ stage }: Cast, ms: number) => new Date(stage.scheduler.clock.now().getTime() + ms);
const dayTime = (day: number, ms: number) => new Date(START.getTime() + day * DAY_MS + ms);

/** AWS Config: a daily sweep of each rule in each account at the same time, and what follows from violations. */
export const playAwsConfig = (cast: Cast, from: number, to: number): void => {
  const { stage, callers } = cast;
  for (let day = from; day < to; day += 1)
    for (const account of stage.accounts.values())
      for (const { command } of RULES)
        start(cast, dayTime(day, 3 * HOUR_MS + stage.random.below(4000)), () =>
          callers.sweep(account, command),
        );
};

/** A violation starts an automation, and now and then several at once, as a person or a second rule may. */
export const reactToVerdicts = (cast: Cast): void => {
  cast.stage.onChanged = (account, bucket) => sendChange(cast, account, bucket);
  const { stage, callers } = cast;
  const busy = new Set<string>();
  stage.onViolation = (account, command, resourceId) => {
    const key = `${account.id}|${command}|${resourceId}`;
    if (busy.has(key)) return;
    busy.add(key);
    const together = stage.random.chance(0.3) ? 3 : 1;
    start(cast, after(cast, 30_000 + stage.random.below(2_000)), async () => {
      await Promise.all(
        Array.from({ length: together }, () => callers.automate(account, command, resourceId)),
      );
      busy.delete(key);
    });
  };
  stage.onAsked = (account, command) =>
    start(cast, after(cast, 5_000), () => callers.sweep(account, command));
};

const EVIL_TAGS = [
  {},
  { owner: 'team-a' },
  { owner: '\u001b[2J\u0000\u202e' },
  { Owner: 'x'.repeat(256) },
  { owner: '\ud800' },
];

/** Members: they revert fixes, fix by hand, create and delete buckets; their changes become events. */
export const playMembers = (cast: Cast, days: number): void => {
  const { stage } = cast;
  const { random } = stage;
  for (let day = 0; day < days; day += 1)
    for (let act = 0; act < 6; act += 1)
      start(cast, dayTime(day, random.below(DAY_MS)), () => {
        const account = random.pick([...stage.accounts.values()]);
        actAsMember(cast, account);
      });
};

const actAsMember = (cast: Cast, account: MemberAccount): void => {
  const { random } = cast.stage;
  const names = [...account.buckets.keys()];
  const act = random.below(10);
  if (act === 0 && names.length > 3) {
    const gone = random.pick(names);
    account.buckets.delete(gone);
    sendChange(cast, account, gone);
  } else if (act === 1 && names.length < 7) {
    const name = `new-${account.id.slice(0, 4)}-${random.below(1e6)}`;
    account.buckets.set(name, newBucket(random.pick(EVIL_TAGS)));
    sendChange(cast, account, name);
  } else {
    const name = random.pick(names);
    const violate = random.chance(0.75);
    writeAsMember(account, name, valuesOf(random.below(4), violate));
    sendChange(cast, account, name);
    // Something that reverts each fix within the hour, several times a day.
    if (violate && random.chance(0.15))
      for (let times = 1; times <= 4; times += 1)
        start(cast, after(cast, times * HOUR_MS), () => {
          writeAsMember(account, name, { versioning: 'Suspended' });
          sendChange(cast, account, name);
        });
  }
};

const valuesOf = (which: number, violate: boolean) => {
  switch (which) {
    case 0:
      return { versioning: violate ? ('Suspended' as const) : ('Enabled' as const) };
    case 1:
      return { payer: violate ? ('Requester' as const) : ('BucketOwner' as const) };
    case 2:
      return { hasTopic: !violate };
    default:
      return { statement: !violate };
  }
};

/** The event of a bucket's change, some minutes later, sometimes twice. */
const sendChange = (cast: Cast, account: MemberAccount, name: string): void => {
  const { stage, callers } = cast;
  const envelope = { configRuleName: deployedName(exampleRule.command), resultToken: exampleRule.command };
  const captured = stage.scheduler.clock.now();
  const status = account.buckets.get(name)?.versioning;
  const item = {
    resourceId: name,
    resourceName: name,
    ARN: `arn:aws:s3:::${name}`,
    configurationItemCaptureTime: captured.toISOString(),
  };
  const options = { accountId: account.id, region: REGION, command: exampleRule.command, envelope };
  const event =
    status === undefined
      ? sampleDeletedEvent({ ...options, item })
      : sampleChangeEvent({
          ...options,
          item: { ...item, supplementaryConfiguration: { BucketVersioningConfiguration: { status } } },
        });
  const copies = stage.random.chance(0.1) ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1)
    start(cast, after(cast, MINUTE_MS + stage.random.below(9 * MINUTE_MS)), () => callers.evaluate(event));
};

/** Strangers and members that ask the doors for what is not theirs. */
export const playStrangers = (cast: Cast, days: number): void => {
  const { stage, invoke } = cast;
  const { random } = stage;
  for (let day = 0; day < days; day += 1)
    for (let act = 0; act < 3; act += 1)
      start(cast, dayTime(day, random.below(DAY_MS)), async () => {
        const account = random.pick([...stage.accounts.values()]);
        const { command } = random.pick(RULES);
        const past = [...account.executions.entries()].filter(([, one]) => !isInProgress(one));
        const input = samplePayload({
          complianceCommand: command,
          accountId: random.pick([account.id, STRANGER]),
          resourceId: random.pick([...account.buckets.keys(), 'nobody']),
          region: random.pick([REGION, 'us-west-2', 'eu-central-1']),
          // An id that nobody knows, or of an execution that has ended.
          executionId: past.length > 0 && random.chance(0.6) ? random.pick(past)[0] : `forged-${day}-${act}`,
        });
        await Promise.all([1, 2, 3].map(() => invoke({ door: 'remediate', input, isForged: true })));
      });
};

const Execution = z.object({ AutomationExecutionStatus: z.string() });
const isInProgress = (execution: object) =>
  Execution.parse(execution).AutomationExecutionStatus === 'InProgress';

/** Settings, exemptions and the stop switch change, also while runs are under way. */
export const playSettings = (cast: Cast, days: number): void => {
  const { stage } = cast;
  const { random, settings } = stage;
  const time = () => stage.scheduler.clock.now();
  for (let day = 1; day < days; day += 1) {
    const at = () =>
      dayTime(day, 3 * HOUR_MS + random.below(random.chance(0.5) ? 2 * MINUTE_MS : 20 * HOUR_MS));
    if (random.chance(0.35))
      start(cast, at(), () => {
        const mode = random.pick([...MODES, 'auto', 'auto', 'approve', 'approve'] as const);
        const { modes } = settings.current();
        settings.change(time(), { modes: { ...modes, [random.pick(RULES).command]: mode } });
      });
    if (random.chance(0.25))
      start(cast, at(), () => {
        const account = random.pick([...stage.accounts.values()]);
        const name = random.pick([...account.buckets.keys()]);
        settings.change(time(), { exempt: [...settings.current().exempt.slice(-3), name] });
      });
    if (random.chance(0.1))
      start(cast, at(), () => {
        settings.change(time(), { isStopped: true });
        start(cast, after(cast, random.scale(HOUR_MS, 3 * DAY_MS)), () =>
          settings.change(time(), { isStopped: false }),
        );
      });
  }
  const { accounts } = settings.current();
  start(cast, dayTime(Math.floor(days / 3), 3 * HOUR_MS + 1000), () =>
    settings.change(time(), { accounts: accounts.filter((id) => id !== LEAVER) }),
  );
  start(cast, dayTime(Math.floor(days / 2), 0), () => settings.change(time(), { accounts }));
};

const PlanRow = z.object({
  status: z.string(),
  plan: z.object({
    command: z.string(),
    accountId: z.string(),
    resource: z.object({ resourceId: z.string() }),
  }),
});
const ChangeRow = z.object({ status: z.string() });

/** Operators approve, reject, apply and undo, sometimes two at once. */
export const playOperators = (cast: Cast, days: number): void => {
  const { random } = cast.stage;
  for (let day = 0; day < days; day += 1)
    for (let act = 0; act < 4; act += 1)
      start(cast, dayTime(day, 8 * HOUR_MS + random.below(10 * HOUR_MS)), () => decide(cast));
};

const decide = async (cast: Cast): Promise<void> => {
  const { stage, callers } = cast;
  const { random, rows } = stage;
  const changes = rows
    .rows()
    .filter(
      ({ pk, sk, data }) =>
        pk.startsWith('change#') && sk === 'change' && ChangeRow.parse(data).status === 'applied',
    );
  if (changes.length > 0 && random.chance(0.15)) {
    const [, id = ''] = random.pick(changes.slice(-10)).pk.split('#');
    await askTogether(cast, { action: 'undo', id });
    return;
  }
  const plans = rows.rows().filter(({ pk, data }) => pk === 'plan' && PlanRow.parse(data).status === 'open');
  if (plans.length === 0) return;
  const { sk: id, data } = random.pick(plans);
  const { plan } = PlanRow.parse(data);
  if (random.chance(0.15)) {
    await askTogether(cast, { action: 'reject', id });
    return;
  }
  stage.approved.add(`${plan.accountId}|${plan.command}|${plan.resource.resourceId}`);
  await askTogether(cast, { action: 'approve', id });
  await stage.scheduler.clock.sleep(random.scale(1000, 12 * HOUR_MS));
  await askTogether(cast, { action: 'apply', id });
  // A person asks again while the answer says that a run may still be at work.
  await stage.scheduler.clock.sleep(HOUR_MS);
  await callers.ask({ action: 'apply', id, who: 'jo' });
};

const askTogether = (
  { stage, callers }: Cast,
  request: Pick<Parameters<Callers['ask']>[0], 'action' | 'id'>,
): Promise<unknown> => {
  const people = stage.random.chance(0.3) ? ['jo', 'sam', 'kim'] : ['jo'];
  return Promise.all(people.map((who) => callers.ask({ ...request, who })));
};
