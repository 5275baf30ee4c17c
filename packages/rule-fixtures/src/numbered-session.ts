import type { Session } from '@compliance/core';

interface SdkClient {
  readonly middlewareStack: {
    add(middleware: (next: Next) => Next, options: { step: 'initialize' }): void;
  };
}
type Next = (args: { readonly input: object }) => Promise<unknown>;

/**
 * A session whose calls give every name a number, so that a seed with fixed names can be repeated.
 * `numbered` runs a seed in a Region with this text behind its names.
 */
export const numberedSession = (given: Session) => {
  const watched = new WeakSet<object>();
  let suffix = '';
  const watch = (client: SdkClient) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.middlewareStack.add((next) => (args) => next({ ...args, input: withSuffix(args.input, suffix) }), {
      step: 'initialize',
    });
  };
  const numbering = (session: Session): Session => ({
    ...session,
    client: (Class) => {
      const client = session.client(Class);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every client of SDK v3 has a middleware stack.
      watch(client as SdkClient);
      return client;
    },
    at: (region) => numbering(session.at(region)),
    asOf: (time) => numbering(session.asOf(time)),
  });
  const numbered = async <T>(text: string, seed: (session: Session) => Promise<T>, region: string) => {
    suffix = text;
    try {
      return await seed(numbering(given.at(region)));
    } finally {
      suffix = '';
    }
  };
  return { numbered };
};

const withSuffix = (input: object, suffix: string): object =>
  Object.fromEntries(
    Object.entries(input).map(([member, value]: [string, unknown]) => {
      if (typeof value === 'string' && NAME.test(member) && !GIVEN.test(value) && !NOT_OWN.has(member))
        return [member, `${value}${suffix}`];
      // A distribution is told apart by the reference in its configuration.
      return member === 'DistributionConfig' && typeof value === 'object' && value !== null
        ? [member, withSuffix(value, suffix)]
        : [member, value];
    }),
  );

const NAME = /(?:[Nn]ame|Identifier|Token|CallerReference)$|^(?:Bucket|NamePrefix)$/;
/** Names of AWS, and values that AWS has answered. */
const GIVEN = /^(?:arn:|https?:|\/(?:aws|dev)\/|default|com\.amazonaws|AWS|\$default)/;
const NOT_OWN = new Set(['ServiceName', 'AvailabilityZoneName', 'AttributeName', 'NextToken', 'DBName']);
