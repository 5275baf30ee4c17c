import type { Instance } from '@aws-sdk/client-ec2';
import type { Rule, Session } from '@compliance/core/rule';
import { describeInstance, isTerminated, resourceOf, sharedInstances } from '@compliance/ec2-instances';
import * as z from 'zod';

import { MetadataCalls, readMetadataCalls } from './metadata-calls.ts';

export const Facts = z.object({
  terminated: z.boolean(),
  /** Whether IMDS answers at all. */
  endpoint: z.enum(['enabled', 'disabled']),
  tokens: z.enum(['optional', 'required']),
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({ hopLimit: z.int(), calls: z.array(MetadataCalls) });
export type Handles = z.infer<typeof Handles>;

export const observe: Rule<Facts, unknown, Handles>['observe'] = {
  item: ({ configuration }) => {
    const parsed = ItemConfiguration.safeParse(configuration);
    return parsed.success ? { facts: parsed.data } : undefined;
  },

  get: async ({ resourceId }, { session }) => {
    const instance = await settled(resourceId, session);
    if (!instance) return undefined;
    const facts = factsOf(instance);
    return {
      facts,
      handles: {
        hopLimit: instance.MetadataOptions?.HttpPutResponseHopLimit ?? 1,
        calls: isCompliant(facts) ? [] : await readMetadataCalls(resourceId, session),
      },
    };
  },

  list: async function* ({ session }) {
    for (const instance of await sharedInstances(session)) {
      const resource = resourceOf(instance);
      yield isChanging(instance) ? { resource } : { resource, facts: factsOf(instance) };
    }
  },
};

/** Whether nothing on the instance can call IMDS without a token. */
export const isCompliant = ({ endpoint, tokens }: Facts): boolean =>
  endpoint === 'disabled' || tokens === 'required';

const factsOf = ({ State, MetadataOptions: options }: Instance): Facts => ({
  terminated: isTerminated(State?.Name),
  endpoint: options?.HttpEndpoint === 'disabled' ? 'disabled' : 'enabled',
  tokens: options?.HttpTokens === 'required' ? 'required' : 'optional',
});

const isChanging = ({ MetadataOptions }: Instance) => MetadataOptions?.State === 'pending';

/** Reads an instance again while a change of its options is pending: for seconds, they are neither old nor new. */
const settled = async (instanceId: string, session: Session): Promise<Instance | undefined> => {
  let instance = await describeInstance(instanceId, session);
  for (const delay of RETRY_DELAYS_MS) {
    if (!instance || !isChanging(instance)) break;
    await session.clock.sleep(delay);
    instance = await describeInstance(instanceId, session.asOf(session.clock.now()));
  }
  return instance;
};

const RETRY_DELAYS_MS = [100, 900, 2_000];

/** Decides only on an item that is complete and at rest. */
const ItemConfiguration = z
  .object({
    state: z.object({ name: z.enum(['running', 'stopping', 'stopped', 'shutting-down', 'terminated']) }),
    metadataOptions: z.object({
      state: z.literal('applied'),
      httpEndpoint: Facts.shape.endpoint,
      httpTokens: Facts.shape.tokens,
    }),
  })
  .transform(({ state, metadataOptions: { httpEndpoint, httpTokens } }) => ({
    terminated: isTerminated(state.name),
    endpoint: httpEndpoint,
    tokens: httpTokens,
  }));
