import { Agent } from 'node:http';

import { NodeHttpHandler } from '@smithy/node-http-handler';

import { type Place, placeKey } from '../base/place.ts';

/** Any client class of the AWS SDK. */
type ClientClass<C> = new (configuration: {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: object;
}) => C;

/** SDK clients of any account that bypass the gateway: not authorized, not logged, no injected faults. */
export type EmulatorClients = <C extends object>(clientClass: ClientClass<C>, place: Place) => C;

/**
 * Creates and reuses one client per class, account and Region.
 * @param url of the emulator itself, not of the gateway
 */
export const createEmulatorClients = (url: string): EmulatorClients => {
  const inner = new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 16 }) });
  const clients = new Map<unknown, Map<string, object>>();

  const handlerFor = (accountId: string): object => ({
    metadata: inner.metadata,
    handle: async (...[request, options]: Parameters<typeof inner.handle>) => {
      request.headers['x-moto-account-id'] = accountId;
      return inner.handle(request, options);
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  });

  return (clientClass, place) => {
    const ofClass = clients.get(clientClass) ?? new Map<string, object>();
    clients.set(clientClass, ofClass);
    const known = ofClass.get(placeKey(place));
    if (known instanceof clientClass) return known;
    const client = new clientClass({
      region: place.region,
      endpoint: url,
      credentials: { accessKeyId: 'AKIALOCALORGANIZATION', secretAccessKey: 'unused' },
      maxAttempts: 4,
      requestHandler: handlerFor(place.accountId),
    });
    ofClass.set(placeKey(place), client);
    return client;
  };
};
