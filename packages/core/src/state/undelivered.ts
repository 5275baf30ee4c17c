import * as z from 'zod';

import { digest } from '../base/json.ts';
import { AuditEvent } from '../audit/audit-event.ts';
import { SINKS, deliver, type Remainder, type Sink, type SinkName } from '../audit/publisher.ts';
import type { FixTarget } from './limits.ts';
import type { Table, TableItem } from './table.ts';

/**
 * Events that one sink did not take, in rows of their own, so that they block no plan, decision or change.
 * What the sink may take later waits for the next sweep of its rule, account and Region. What it refused is a dead
 * letter, which raises an alarm and waits for a person.
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

type RuleScope = Omit<FixTarget, 'resourceId'>;

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
export const redeliver = async (
  table: Table,
  scope: RuleScope,
  { sinks, now }: { readonly sinks: readonly Sink[]; readonly now: () => Date },
): Promise<void> => {
  const away = new Set<SinkName>();
  for await (const row of table.query(waitingPartition(scope))) {
    const { sink: name, events } = Undelivered.parse(row.data);
    const sink = sinks.find((one) => one.name === name);
    if (!sink || away.has(name)) continue;
    const remainders = await deliver(sink, events);
    if (remainders.some(({ isRefused }) => !isRefused)) away.add(name);
    else {
      for (const refused of remainders) await keepUndelivered(table, now)(refused);
      await table.remove(row.pk, row.sk, row.version);
    }
  }
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

/** No sweep would find an event without a rule, account or Region. */
const partitionFor = ({ sink, isRefused }: Remainder, { command, accountId, region }: AuditEvent): string =>
  isRefused || command === undefined || accountId === undefined || region === undefined
    ? deadLettersOf(sink)
    : waitingPartition({ command, accountId, region });

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
