import type { Table } from '../src/state/table.ts';
import type { FakeAnswer } from '../src/testing/fake-session.ts';

/**
 * Counts what a run does to the world outside - writes of the table, calls of AWS, events told - and ends the run at
 * one of them: it never hears an answer, whether the deed was done or not.
 */
export const cutOff = () => {
  let count = 0;
  /** Its number, or what it is called. */
  let fatal: number | string | undefined;
  let isDone = false;
  let killed = Promise.withResolvers<void>();

  const deed = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
    count += 1;
    if (fatal !== count && fatal !== name) return act();
    if (isDone) await act();
    killed.resolve();
    return new Promise(() => {});
  };
  const table = (inner: Table): Table => ({
    ...inner,
    put: (write) => deed(`put ${write.sk.split('#')[0]}`, () => inner.put(write)),
    remove: (...key) => deed('remove', () => inner.remove(...key)),
    add: (counter) => deed('add', () => inner.add(counter)),
  });
  const answers = (inner: readonly FakeAnswer[]): readonly FakeAnswer[] =>
    inner.map(({ operation, answer }) => ({
      operation,
      answer: operation.startsWith('Put') ? (input) => deed(operation, () => answer(input)) : answer,
    }));

  /** Runs until a deed. False when it came to its end before. */
  const killAt = async (
    at: number | string,
    { done }: { readonly done: boolean },
    run: () => Promise<unknown>,
  ) => {
    [count, fatal, isDone, killed] = [0, at, done, Promise.withResolvers<void>()];
    const ended = await Promise.race([run().then(() => true), killed.promise.then(() => false)]);
    fatal = undefined;
    return !ended;
  };
  return { deed, table, answers, killAt };
};
