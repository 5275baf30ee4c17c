import * as z from 'zod';

import { digest } from '../base/json.ts';
import { AuditEvent } from '../audit/audit-event.ts';
import { SINKS, deliver, type Remainder, type Sink, type SinkName } from '../audit/publisher.ts';
import type { RuleScope } from './limits.ts';
import type { Table, TableItem } from './table.ts';

/**
 * Events that one sink did not take, in rows of their own, so that they block no plan, decision or change.
 * What the sink may take later waits for the next sweep of its rule, account and Region; what may concern none that is
 * swept, such as a stranger's refused request, for the next sweep of any rule. What it refused is a dead letter, which
 * raises an alarm and waits for a person.
 */
const Undelivered = z.object({
  sink: z.enum(SINKS),
  error: z.string(),
  events: z.array(AuditEvent),
});
interface Undelivered extends Readonly<Omit<z.infer<typeof Undelivered>, 'events'>> {
  readonly events: readonly AuditEvent[];
}

/** Begins the line that a function logs for dead letters. An alarm counts these lines. */
export const DEAD_LETTER_LINE = 'Audit events kept as dead letters:';

/** Keeps what a sink did not take. */
export const keepUndelivered =
  (table: Table, now: () => Date) =>
  async (remainder: Remainder): Promise<void> => {
    const byPartition = Map.groupBy(remainder.events, (event) => partitionFor(remainder, event));
    for (const [pk, events] of byPartition)
      for (const part of parts(events)) await keep(table, pk, { ...remainder, events: part }, now());
  };

const keep = async (
  table: Table,
  pk: string,
  { sink, error, events }: Undelivered,
  now: Date,
): Promise<void> => {
  const sk = `${now.toISOString()}#${sink}#${digest(events)}`;
  await table.put({ pk, sk, data: { sink, error, events }, expected: 0 });
  const line = pk === deadLettersOf(sink) ? DEAD_LETTER_LINE : 'Audit events wait for the next sweep:';
  console.error(`${line} ${events.length} of the ${sink}: ${error}`);
};

/** Delivers again what waits for a sink. Another run may do the same: what is delivered twice has one id. */
export const redeliver = async (table: Table, scope: RuleScope, context: RedeliverContext): Promise<void> => {
  const away = new Set<SinkName>();
  for await (const row of table.query(waitingPartition(scope))) await redeliverRow(table, row, away, context);
  let strays = 0;
  for await (const row of table.query(STRAYS)) {
    if ((strays += 1) > STRAYS_A_SWEEP) break;
    const { version: expected, ...rest } = row;
    // Every sweep reads these rows, so each is delivered by the one that writes it first.
    const isOurs = !away.has(dataOf(row).sink) && (await table.put({ ...rest, data: dataOf(row), expected }));
    if (isOurs) await redeliverRow(table, { ...row, version: expected + 1 }, away, context);
  }
};

interface RedeliverContext {
  readonly sinks: readonly Sink[];
  readonly now: () => Date;
}

const dataOf = ({ data }: TableItem) => Undelivered.parse(data);

const redeliverRow = async (
  table: Table,
  row: TableItem,
  away: Set<SinkName>,
  { sinks, now }: RedeliverContext,
): Promise<void> => {
  const { sink: name, events } = dataOf(row);
  const sink = sinks.find((one) => one.name === name);
  if (!sink || away.has(name)) return;
  const remainders = await deliver(sink, events);
  if (remainders.some(({ isRefused }) => !isRefused)) {
    away.add(name);
    return;
  }
  for (const refused of remainders) await keepUndelivered(table, now)(refused);
  await table.remove(row.pk, row.sk, row.version);
};

/** What a sink refused, with its row. */
export interface DeadLetter extends Undelivered {
  readonly row: TableItem;
}

/** What the sinks refused, oldest first for each. */
export const listDeadLetters = async function* (table: Table): AsyncGenerator<DeadLetter> {
  for (const sink of SINKS)
    for await (const row of table.query(deadLettersOf(sink))) yield { ...Undelivered.parse(row.data), row };
};

/** Delivers a dead letter again. Returns why the sink still does not take all of it. */
export const replayDeadLetter = async (
  table: Table,
  letter: DeadLetter,
  sink: Sink,
): Promise<string | undefined> => {
  const [remainder] = await deliver(sink, letter.events);
  if (remainder) return remainder.error;
  const { pk, sk, version } = letter.row;
  await table.remove(pk, sk, version);
  return undefined;
};

const partitionFor = ({ sink, isRefused }: Remainder, event: AuditEvent): string => {
  if (isRefused) return deadLettersOf(sink);
  const { command, accountId, region } = event;
  return command === undefined || accountId === undefined || region === undefined || mayBeStray(event)
    ? STRAYS
    : waitingPartition({ command, accountId, region });
};

/** Whether the sender alone may have named rule, account and Region, so that perhaps no sweep of them ever comes. */
const mayBeStray = (event: AuditEvent): boolean =>
  event.type === 'evaluation-failed' ||
  event.type === 'event-ignored' ||
  (event.type === 'remediation-finished' && event.planId === undefined && event.changeId === undefined);

/** What waits for the next sweep of any rule. */
const STRAYS = 'undelivered#strays';

/** A sweep has other work, and a stranger can make many of them. */
const STRAYS_A_SWEEP = 200;

const waitingPartition = ({ accountId, region, command }: RuleScope) =>
  `undelivered#${accountId}#${region}#${command}`;
const deadLettersOf = (sink: SinkName) => `dead-letter#${sink}`;

/** A row of DynamoDB holds 400 KB. */
const ROW_BYTES = 300_000;

const parts = (events: readonly AuditEvent[]): readonly (readonly AuditEvent[])[] => {
  const rows: AuditEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event), 'utf8');
    const open = rows.at(-1);
    const fits = open !== undefined && bytes + size <= ROW_BYTES;
    if (fits) open.push(event);
    else rows.push([event]);
    bytes = fits ? bytes + size : size;
  }
  return rows;
};
