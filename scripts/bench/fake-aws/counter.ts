import type { OperationCount } from './protocol.ts';
import type { Call } from './parse-call.ts';

/** Counts calls by account, service and operation, and how many were in flight at once. */
export const createCounter = () => {
  const counts = new Map<
    string,
    { calls: number; refused: number; inFlight: number; mostInFlight: number }
  >();
  return {
    begin: ({ accountId, service, operation }: Call) => {
      const name = `${accountId} ${service}:${operation}`;
      const count = counts.get(name) ?? { calls: 0, refused: 0, inFlight: 0, mostInFlight: 0 };
      counts.set(name, count);
      count.calls += 1;
      count.inFlight += 1;
      count.mostInFlight = Math.max(count.mostInFlight, count.inFlight);
      return (status: number) => {
        count.inFlight -= 1;
        if (status === 503) count.refused += 1;
      };
    },
    reset: () => counts.clear(),
    read: (): Record<string, OperationCount> =>
      Object.fromEntries(
        [...counts].map(([name, { calls, refused, mostInFlight }]) => [
          name,
          { calls, refused, mostInFlight },
        ]),
      ),
  };
};
