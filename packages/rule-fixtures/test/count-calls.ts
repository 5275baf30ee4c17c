import { canonical, type Session } from '@compliance/core';

/** One call of a sweep, and the rule that made it. */
interface Call {
  readonly command: string;
  readonly region: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A call that several rules of one sweep made, or one rule several times, although the first answer says it all. */
export interface Repeated {
  readonly operation: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly times: number;
  readonly rules: readonly string[];
}

interface SdkClient {
  readonly middlewareStack: {
    add(
      middleware: (next: Next, context: { commandName?: string }) => Next,
      options: { step: 'initialize' },
    ): void;
  };
}
type Next = (args: { readonly input: object }) => Promise<unknown>;

/** A session that records its calls. `as` names the rule that works. */
export const countingSession = (given: Session) => {
  const calls: Call[] = [];
  const watched = new WeakSet<object>();
  let command = '';
  const watch = (client: SdkClient, region: string) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          calls.push({
            command,
            region,
            operation: commandName.replace(/Command$/, ''),
            input: { ...args.input },
          });
          return next(args);
        },
      { step: 'initialize' },
    );
  };
  const counting = (session: Session): Session => ({
    ...session,
    client: (Class) => {
      const client = session.client(Class);
      // Every client of SDK v3 has a middleware stack.
      watch(client as SdkClient, session.region);
      return client;
    },
    at: (region) => counting(session.at(region)),
    asOf: (time) => counting(session.asOf(time)),
  });
  const as = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    command = name;
    return work();
  };
  return { session: counting(given), calls, as };
};

const PAGE = new Set([
  'NextToken',
  'nextToken',
  'Marker',
  'NextMarker',
  'ContinuationToken',
  'StartingToken',
  'PageToken',
]);
const PAGE_SIZE = new Set([
  'MaxResults',
  'maxResults',
  'MaxItems',
  'MaxRecords',
  'PageSize',
  'Limit',
  'limit',
  'MaxKeys',
  'MaxBuckets',
]);

/** The calls that were made more than once in a Region with the same input. Further pages do not count. */
export const repeated = (calls: readonly Call[]): readonly Repeated[] =>
  [
    ...Map.groupBy(
      calls.filter(({ input }) =>
        Object.entries(input).every(([name, value]) => !PAGE.has(name) || value === undefined),
      ),
      ({ operation, region, input }) => canonical([operation, region, askedFor(input)]),
    ).values(),
  ].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1) return [];
    const { operation, region, input } = first;
    const rules = [...new Set(same.map(({ command }) => command))];
    return [{ operation, region, input: askedFor(input), times: same.length, rules }];
  });

const askedFor = (input: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => value !== undefined && !PAGE_SIZE.has(name) && !PAGE.has(name),
    ),
  );
