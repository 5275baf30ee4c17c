import { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  FinalizeRequestMiddleware,
  InitializeMiddleware,
  MiddlewareStack,
} from '@smithy/types';

import type { AccountId } from '../base/account-id.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { defined } from '../base/defined.ts';
import { partitionOf } from '../base/region.ts';
import { iamAction } from './grant.ts';
import { pathStyleOverHttp, type S3Config } from './path-style.ts';
import type { ClientClass, Session } from './session.ts';

/** Calls in flight per account and Region. Fewer than sockets: waiting for a socket counts as a failed connection. */
export const MAX_IN_FLIGHT = 48;

const ONCE_TTL_MS = 60_000;

export interface SessionOptions {
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition?: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** Receives the IAM action of every call before it is sent. Throwing stops the call. */
  readonly onAction?: (action: string) => void;
  /** Admits every attempt of a call, retries included, when it may be sent; what it returns hears how the attempt ended. */
  readonly admit?: (attempt: AttemptOf) => Promise<(error?: unknown) => void>;
  /** Sends a call, or answers it as an equal one before. Only where nothing is written and nothing fixed. */
  readonly share?: <T extends object>(call: CallOf, send: () => Promise<T>) => Promise<T>;
  /** Answers calls instead of AWS. Tests fake a service behind the SDK's real clients with it. */
  readonly intercept?: (operation: string, input: object, region: string) => Promise<unknown>;
  /** The address of AWS, instead of the Region's. Without it, the SDK honours `AWS_ENDPOINT_URL`. */
  readonly endpoint?: string;
  readonly clock?: Clock;
}

/** One request of a call, before it is sent. */
export interface AttemptOf {
  /** The SDK's id of the service: `S3`, `CloudWatch Logs`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

/** A call with all of its requests. */
export interface CallOf extends AttemptOf {
  readonly input: object;
}

/** Creates a session whose SDK clients retry with back-off and slow down when throttled. */
export const createSession = (options: SessionOptions): Session => {
  const { accountId, partition = partitionOf(options.region), clock = systemClock } = options;
  const once = sharedLoads(clock);
  const clients = new Map<string, Session['client']>();
  const clientIn = (region: string, notBefore: number): Session['client'] => {
    const { share, ...unshared } = options;
    const isShared = share !== undefined && notBefore === 0;
    const key = `${region}|${isShared}`;
    const known = clients.get(key) ?? clientsOf({ ...unshared, ...(isShared && { share }), region });
    clients.set(key, known);
    return known;
  };
  const view = (region: string, notBefore: number): Session => ({
    accountId,
    region,
    partition,
    clock,
    client: clientIn(region, notBefore),
    once: (key, load) => once(`${region}|${key}`, load, notBefore),
    onceInAccount: (key, load) => once(`|${key}`, load, notBefore),
    at: (other) => view(other, notBefore),
    asOf: (time) => view(region, time.getTime()),
  });
  return view(options.region, 0);
};

interface Load {
  readonly value: Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

const sharedLoads = (clock: Clock) => {
  const loads = new Map<string, Load>();
  return <T>(key: string, load: () => Promise<T>, notBefore: number): Promise<T> => {
    const now = clock.now().getTime();
    const known = loads.get(key);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- callers use a key for one load only, so for one type.
    if (known && known.startedAt >= Math.max(notBefore, now - ONCE_TTL_MS)) return known.value as Promise<T>;
    const value = load();
    loads.set(key, { value, startedAt: now });
    value.catch(() => {
      if (loads.get(key)?.value === value) loads.delete(key);
    });
    return value;
  };
};

const clientsOf = (options: SessionOptions): Session['client'] => {
  const clients = new Map<unknown, unknown>();
  return <Client>(Class: ClientClass<Client>): Client => {
    const known = clients.get(Class);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the map holds under each class its own instance.
    if (known) return known as Client;
    const client = newClient(Class, options);
    clients.set(Class, client);
    return client;
  };
};

interface EndpointParameters {
  /** An address other than that of AWS. */
  readonly Endpoint?: string | undefined;
  readonly RequiresAccountId?: boolean | undefined;
}

/** The members of every client of SDK v3, which its generic class hides. */
interface SdkClient {
  readonly config: {
    readonly defaultSigningName: string;
    readonly serviceId: string;
    endpointProvider: (parameters: EndpointParameters, context: unknown) => unknown;
  } & S3Config;
  readonly middlewareStack: Pick<MiddlewareStack<object, object>, 'add' | 'addRelativeTo'>;
}

const newClient = <Client>(
  Class: ClientClass<Client>,
  { region, credentials, endpoint, onAction, admit, share, intercept }: SessionOptions,
): Client => {
  const config = {
    region,
    credentials,
    retryMode: 'adaptive',
    maxAttempts: 8,
    requestHandler,
    ...defined({ endpoint }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every client of SDK v3 takes these settings and has these members.
  const client = new Class(config as never) as Client & SdkClient;
  const watch: InitializeMiddleware<object, object> =
    (next, { commandName = '' }: { commandName?: string }) =>
    async (args) => {
      const operation = commandName.replace(/Command$/, '');
      const { serviceId, defaultSigningName: signingName } = client.config;
      onAction?.(iamAction({ serviceId, signingName }, operation));
      if (!intercept) return next(args);
      const output = await intercept(operation, args.input, region);
      return { output: Object.assign({ $metadata: {} }, output), response: undefined };
    };
  if (share)
    client.middlewareStack.add(shareAnswers(share, client.config.serviceId, region), {
      step: 'initialize',
      priority: 'high',
      name: 'share',
    });
  if (client.config.serviceId === 'S3')
    client.middlewareStack.add(pathStyleOverHttp(client.config, endpoint), {
      step: 'initialize',
      name: 'pathStyle',
    });
  if (client.config.serviceId === 'S3 Control') keepAddress(client);
  if (onAction ?? intercept) client.middlewareStack.add(watch, { step: 'initialize', name: 'watch' });
  if (admit)
    client.middlewareStack.addRelativeTo(admitAttempts(admit, client.config.serviceId, region), {
      name: 'admit',
      relation: 'after',
      toMiddleware: 'retryMiddleware',
    });
  return client;
};

/** Above retries: a call that is repeated is still one. The answer's connection is not kept with it. */
const shareAnswers =
  (
    share: NonNullable<SessionOptions['share']>,
    service: string,
    region: string,
  ): InitializeMiddleware<object, object> =>
  (next, { commandName = '' }: { commandName?: string }) =>
  async (args) => {
    const call = { service, operation: commandName.replace(/Command$/, ''), region, input: args.input };
    const output = await share(call, async () => (await next(args)).output);
    return { output, response: undefined };
  };

const admitAttempts =
  (
    admit: NonNullable<SessionOptions['admit']>,
    service: string,
    region: string,
  ): FinalizeRequestMiddleware<object, object> =>
  (next, { commandName = '' }: { commandName?: string }) =>
  async (args) => {
    const operation = commandName.replace(/Command$/, '');
    const ended = await admit({ service, operation, region });
    try {
      const result = await next(args);
      ended();
      return result;
    } catch (error) {
      ended(error);
      throw error;
    }
  };

/** S3 Control puts the account before the host, which an address other than AWS's, such as 127.0.0.1, cannot have. */
const keepAddress = ({ config }: SdkClient): void => {
  const { endpointProvider } = config;
  config.endpointProvider = (parameters, context) =>
    endpointProvider(
      parameters.Endpoint === undefined ? parameters : { ...parameters, RequiresAccountId: false },
      context,
    );
};

// One pool of keep-alive sockets for all clients. Credentials are not shared: each client signs with its own.
const requestHandler = new NodeHttpHandler({
  connectionTimeout: 3_000,
  requestTimeout: 15_000,
  httpAgent: { keepAlive: true, maxSockets: MAX_IN_FLIGHT + 16 },
  // Node itself goes through HTTPS_PROXY, but for NO_PROXY; the SDK does not look at them.
  httpsAgent: { keepAlive: true, maxSockets: MAX_IN_FLIGHT + 16, proxyEnv: process.env },
});
