import { explain } from './errors.ts';

/** Runs an optional lookup. A failure is logged, and the fallback is used. */
export const bestEffort = async <T>(what: string, lookUp: () => Promise<T>, fallback: T): Promise<T> => {
  try {
    return await lookUp();
  } catch (error) {
    console.error(`${what}: ${explain(error)}`);
    return fallback;
  }
};

/** The time-out of an optional lookup, as an option of an SDK call. */
export const withTimeout = (): { readonly abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(10_000),
});
