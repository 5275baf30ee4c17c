import { SINKS, shouldNotify, type AuditEvent, type SinkName } from '@compliance/core';
import { exampleRule } from '@compliance/core/simulation';
import * as z from 'zod';

import type { Bucket } from '../world/account.ts';
import { announceRule, statementOf } from '../world/announce-rule.ts';
import { RULES, type Stage } from './stage.ts';

/** What must hold after everything, and what is wrong when it does not. Each returns what violates it. */
export interface Invariant {
  readonly name: string;
  readonly kind: 'lost' | 'done twice' | 'left open' | 'blocked' | 'not allowed';
  readonly says: string;
  readonly violations: (stage: Stage) => readonly string[];
}

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'recorded-is-published',
    kind: 'lost',
    says: 'every event that a row held reached the sinks that it was held for',
    violations: ({ history, received }) =>
      [...history.recorded].flatMap(([id, sinks]) =>
        missingFrom(received, id, received.events.get(id), sinks),
      ),
  },
  {
    name: 'write-is-published',
    kind: 'lost',
    says: 'every write of a fix is in an event of its execution, in the log, the topic and the ledger',
    violations: ({ writes, received }) => {
      const finished = eventsOf(received.events, 'remediation-finished').filter(
        ({ outcome, changeId }) => changeId !== undefined && outcome !== 'planned' && outcome !== 'refused',
      );
      const known = Map.groupBy(
        finished,
        ({ executionId, resource }) => `${executionId} ${resource?.resourceId}`,
      );
      return writes
        .filter(({ isFix }) => isFix)
        .flatMap(({ run, bucket, what, accountId }) => {
          const events = known.get(`${run.executionId} ${bucket}`) ?? [];
          return events.some((event) => missingFrom(received, event.id, event).length === 0)
            ? []
            : [`${what} of ${bucket} in ${accountId} by ${run.executionId}`];
        });
    },
  },
  {
    name: 'verdict-is-published',
    kind: 'lost',
    says: 'the newest verdict in the ledger is the one that AWS Config shows',
    violations: (stage) => {
      const newest = newestVerdicts(stage.received.events);
      return findings(stage).flatMap(({ key, shown }) => {
        const published = newest.get(key);
        const isSame =
          shown === undefined
            ? published !== 'NON_COMPLIANT' && published !== 'COMPLIANT'
            : published === shown;
        return isSame ? [] : [`${key}: AWS Config shows ${shown}, the ledger ${published}`];
      });
    },
  },
  {
    name: 'edit-is-kept',
    kind: 'lost',
    says: 'no edit of a shared document removes another one',
    violations: ({ writes }) =>
      writes.flatMap(({ lostStatements, run }) =>
        lostStatements.map((sid) => `${sid} by ${run.executionId}`),
      ),
  },
  {
    name: 'one-change-a-violation',
    kind: 'done twice',
    says: 'no fix writes what another run of ours has already written',
    violations: ({ writes }) =>
      writes
        .filter(({ isFix, isRepeated }) => isFix && isRepeated)
        .map(
          ({ what, bucket, run, time }) =>
            `${what} of ${bucket} by ${run.executionId} at ${time.toISOString()}`,
        ),
  },
  {
    name: 'one-end-a-change',
    kind: 'done twice',
    says: 'a change ends once: all events of its end have one id',
    violations: ({ received }) => {
      const finished = eventsOf(received.events, 'remediation-finished').filter(
        ({ changeId, outcome }) => changeId !== undefined && ENDS.has(outcome),
      );
      return [...Map.groupBy(finished, ({ changeId }) => changeId)].flatMap(([changeId, events]) =>
        events.length > 1
          ? [`${changeId}: ${events.map(({ outcome, id }) => `${outcome} ${id}`).join(', ')}`]
          : [],
      );
    },
  },
  {
    name: 'one-decision-a-plan',
    kind: 'done twice',
    says: 'a plan is approved once each time that it is open',
    violations: ({ received, history }) => {
      const approved = eventsOf(received.events, 'plan-decided').filter(
        ({ decision }) => decision === 'approved',
      );
      return [...Map.groupBy(approved, ({ planId }) => planId)].flatMap(([planId, events]) => {
        const times = history.approvals.get(planId) ?? 0;
        return events.length > times
          ? [`${planId}: approved ${times} times, published ${events.length} times`]
          : [];
      });
    },
  },
  {
    name: 'no-change-is-open',
    kind: 'left open',
    says: 'every change has ended, and no claim or lease outlives its run',
    violations: ({ rows, scheduler }) =>
      rows.rows().flatMap(({ pk, sk, data }) => {
        const { status, endsAt, until } = Held.parse(data);
        const end = pk.startsWith('claim#') ? endsAt : pk.startsWith('lease#') ? until : undefined;
        const isHeld = end !== undefined && new Date(end) > scheduler.clock.now();
        const isOpen =
          pk.startsWith('open#') || (pk.startsWith('change#') && sk === 'change' && status === 'applying');
        return isHeld || isOpen ? [`${pk} ${sk}`] : [];
      }),
  },
  {
    name: 'nothing-waits-for-a-sink',
    kind: 'left open',
    says: 'no row holds an event that is not published',
    violations: ({ rows }) =>
      rows.rows().flatMap(({ pk, sk, data }) => {
        const waits =
          /^(undelivered|dead-letter|unconfirmed|unpublished)#/.test(pk) ||
          Held.parse(data).pendingEvents.length > 0;
        return waits ? [`${pk} ${sk}`] : [];
      }),
  },
  {
    name: 'violations-are-fixed',
    kind: 'blocked',
    says: 'in mode auto, every violation is fixed in the end, and AWS Config shows it',
    violations: (stage) =>
      findings(stage).flatMap(({ key, isCompliant, shown }) =>
        isCompliant === undefined
          ? shown === undefined
            ? []
            : [`${key}: gone, and AWS Config shows ${shown}`]
          : isCompliant && shown === 'COMPLIANT'
            ? []
            : [`${key}: ${isCompliant ? 'compliant' : 'violates'}, and AWS Config shows ${shown}`],
      ),
  },
  {
    name: 'only-what-is-allowed',
    kind: 'not allowed',
    says: 'no fix where the mode, an exemption, the stop switch or a forged request forbids it',
    violations: (stage) =>
      stage.writes.flatMap((write) => {
        const reason = forbidden(write, stage);
        return reason === undefined
          ? []
          : [`${write.what} of ${write.bucket} in ${write.accountId}: ${reason}`];
      }),
  },
  {
    name: 'roles-of-the-allow-list',
    kind: 'not allowed',
    says: 'no role is assumed in an account or Region that the settings do not list',
    violations: ({ strayRoles }) => strayRoles,
  },
];

const ENDS: ReadonlySet<string> = new Set(['fixed', 'applied', 'failed']);

const Held = z.object({
  status: z.string().optional(),
  endsAt: z.string().optional(),
  until: z.string().optional(),
  pendingEvents: z.array(z.unknown()).default([]),
});

const eventsOf = <Type extends AuditEvent['type']>(
  events: ReadonlyMap<string, AuditEvent>,
  type: Type,
): readonly Extract<AuditEvent, { type: Type }>[] =>
  [...events.values()].filter((event): event is Extract<AuditEvent, { type: Type }> => event.type === type);

const missingFrom = (
  { ids }: Stage['received'],
  id: string,
  event: AuditEvent | undefined,
  wanted: Iterable<SinkName> = SINKS,
): readonly string[] =>
  [...wanted]
    .filter((sink) => !ids[sink].has(id))
    .filter((sink) => sink !== 'topic' || (event !== undefined && shouldNotify(event)))
    .map((sink) => `${event?.type ?? 'event'} ${id} is not in the ${sink}`);

/** The newest published verdict of each finding. */
const newestVerdicts = (events: ReadonlyMap<string, AuditEvent>): ReadonlyMap<string, string> => {
  const newest = new Map<string, { readonly time: string; readonly type: string }>();
  for (const { accountId, command, resource, orderingTime, complianceType } of eventsOf(
    events,
    'resource-evaluated',
  )) {
    const key = `${accountId} ${command} ${resource?.resourceId}`;
    if ((newest.get(key)?.time ?? '') <= orderingTime)
      newest.set(key, { time: orderingTime, type: complianceType });
  }
  return new Map([...newest].map(([key, { type }]) => [key, type]));
};

interface Finding {
  readonly key: string;
  /** `undefined` when the bucket is gone. */
  readonly isCompliant: boolean | undefined;
  readonly shown: string | undefined;
}

/** Every bucket that exists or has a verdict, by each rule, in each account of the settings. */
const findings = ({ accounts, settings }: Stage): readonly Finding[] =>
  [...accounts.values()]
    .filter(({ id }) => settings.current().accounts.includes(id))
    .flatMap((account) =>
      RULES.flatMap(({ command }) => {
        const shown = account.shown.get(command);
        const names = new Set([...account.buckets.keys(), ...(shown?.keys() ?? [])]);
        return [...names].map((name) => {
          const bucket = account.buckets.get(name);
          return {
            key: `${account.id} ${command} ${name}`,
            isCompliant:
              bucket && isCompliant(command, bucket, account.policy?.includes(statementOf(name)) ?? false),
            shown: shown?.get(name)?.type,
          };
        });
      }),
    );

const isCompliant = (
  command: string,
  { versioning, payer, hasTopic }: Bucket,
  hasStatement: boolean,
): boolean =>
  command === exampleRule.command
    ? versioning === 'Enabled'
    : payer === 'BucketOwner' && hasTopic && hasStatement;

const forbidden = (
  { time, run, bucket, accountId, what, isFix }: Stage['writes'][number],
  { settings, approved }: Stage,
): string | undefined => {
  if (run.isForged) return 'the request was forged';
  if (run.door === 'evaluate') return 'an evaluation writes nothing';
  if (!isFix) return run.action === 'undo' ? undefined : 'only an undo undoes';
  if (run.action === 'undo') return undefined;
  const { command } = what === 'versioning' ? exampleRule : announceRule;
  const may = settings.mayHaveBeen;
  if (!may(time, ({ isStopped }) => !isStopped)) return 'the stop switch was on';
  if (!may(time, ({ exempt }) => !exempt.includes(bucket))) return 'the bucket was exempt';
  if (!may(time, ({ accounts }) => accounts.includes(accountId)))
    return 'the account was not in the settings';
  if (may(time, ({ modes }) => modes[command] === 'auto')) return undefined;
  if (!may(time, ({ modes }) => modes[command] === 'approve')) return 'the mode allowed no fix';
  return approved.has(`${accountId}|${command}|${bucket}`) ? undefined : 'nobody had approved it';
};
