import type { Table } from '../src/state/table.ts';
import type { FakeAnswer } from '../src/testing/fake-session.ts';

/**
 * Interrupts a run at one of its effects: a write of the table, a call of AWS or a publish.
 * The run never gets an answer to that effect, whether it was done or not.
 */
export const createInterrupter = () => {
  let count = 0;
  /** The number or the name of the last effect. */
  let last: number | string | undefined;
  let isDone = false;
  let interrupted = Promise.withResolvers<void>();

  const effect = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
    count += 1;
    if (last !== count && last !== name) return act();
    if (isDone) await act();
    interrupted.resolve();
    return new Promise(() => {});
  };
  const table = (inner: Table): Table => ({
    ...inner,
    put: (write) => effect(`put ${write.sk.split('#')[0]}`, () => inner.put(write)),
    remove: (...key) => effect('remove', () => inner.remove(...key)),
    add: (counter) => effect('add', () => inner.add(counter)),
  });
  const answers = (inner: readonly FakeAnswer[]): readonly FakeAnswer[] =>
    inner.map(({ operation, answer }) => ({
      operation,
      answer: operation.startsWith('Put') ? (...input) => effect(operation, () => answer(...input)) : answer,
    }));

  /** Runs until an effect. Returns false when the run ended before it. */
  const interruptAt = async (
    at: number | string,
    { done }: { readonly done: boolean },
    run: () => Promise<unknown>,
  ) => {
    [count, last, isDone, interrupted] = [0, at, done, Promise.withResolvers<void>()];
    const ended = await Promise.race([run().then(() => true), interrupted.promise.then(() => false)]);
    last = undefined;
    return !ended;
  };
  return { effect, table, answers, interruptAt };
};
