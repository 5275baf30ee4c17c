import { explain } from './errors.ts';

/** The answer to a question that nothing depends on. A failure is one line in the function's log, and the fallback. */
export const bestEffort = async <T>(what: string, ask: () => Promise<T>, fallback: T): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    console.error(`${what}: ${explain(error)}`);
    return fallback;
  }
};

/** No question that nothing depends on holds a run up for longer. */
export const withTimeout = (): { readonly abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(10_000),
});
