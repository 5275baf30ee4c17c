import type { Sink } from '../audit/publisher.ts';
import type { Table } from '../state/table.ts';
import type { FakeAnswer } from './fake-session.ts';

/** Does something outside of a run, or does not: it may wait for its turn, fail, or never answer. */
export type Effect = <T>(place: string, act: () => T | Promise<T>) => Promise<T>;

/** The same table, with each of its operations as an effect. */
export const tableThrough = (effect: Effect, table: Table): Table => ({
  get: (...key) => effect('table', () => table.get(...key)),
  put: (write) => effect('table', () => table.put(write)),
  remove: (...key) => effect('table', () => table.remove(...key)),
  add: (counter) => effect('table', () => table.add(counter)),
  query: async function* (pk) {
    yield* await effect('table', () => Array.fromAsync(table.query(pk)));
  },
});

/** The same answers of AWS, each as an effect at the place of its service. */
export const answersThrough = (
  effect: Effect,
  place: string,
  answers: readonly FakeAnswer[],
): readonly FakeAnswer[] =>
  answers.map(({ operation, answer }) => ({
    operation,
    answer: (...input) => effect(place, () => answer(...input)),
  }));

/** The same sink, with each delivery as an effect at the place of its name. */
export const sinkThrough = (effect: Effect, { name, deliver }: Sink): Sink => ({
  name,
  deliver: (events) => effect(name, () => deliver(events)),
});
