import {
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
  type LoadBalancerAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { hasCode, type ConfigurationItem, type Observation, type Session } from '@compliance/core/rule';
import * as z from 'zod';

export const Facts = z.object({
  type: z.enum(['application', 'network', 'gateway']),
  /** A gateway has no access logs, and a network load balancer logs its TLS listeners alone. */
  canLog: z.boolean(),
  enabled: z.boolean(),
});
export type Facts = z.infer<typeof Facts>;

const KINDS = { app: 'application', net: 'network', gwy: 'gateway' } as const;

/** The type and the name of a load balancer, which are in its ARN. */
const named = (arn: string) => {
  const [, kind = '', resourceName = ''] = /:loadbalancer\/(app|net|gwy)\/([^/]+)\//.exec(arn) ?? [];
  return { type: kind === 'net' || kind === 'gwy' ? KINDS[kind] : KINDS.app, resourceName };
};

/**
 * Observes with one call; a network load balancer needs its listeners too. `undefined`: it is gone.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */
export const observeLoadBalancer = async (
  arn: string,
  session: Session,
): Promise<Observation<Facts> | undefined> => {
  const { type, resourceName } = named(arn);
  const client = session.client(ElasticLoadBalancingV2Client);
  try {
    const { Attributes } = await client.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }),
    );
    const canLog = type === 'network' ? await hasTls(arn, session) : type === 'application';
    return { facts: { type, canLog, enabled: isEnabled(Attributes) }, identity: { resourceName } };
  } catch (error) {
    if (hasCode(error, 'LoadBalancerNotFoundException')) return undefined;
    throw error;
  }
};

/** From an item, which lacks the listeners of a network load balancer. */
export const recordedLoadBalancer = ({
  resourceId,
  supplementary,
}: ConfigurationItem): Observation<Facts> | undefined => {
  const { type } = named(resourceId);
  const attributes = Attributes.safeParse(supplementary['LoadBalancerAttributes']);
  if (type === 'network' || !attributes.success) return undefined;
  return { facts: { type, canLog: type === 'application', enabled: isEnabled(attributes.data) } };
};

const isEnabled = (attributes: readonly LoadBalancerAttribute[] = []): boolean =>
  attributes.some(({ Key, Value }) => Key === 'access_logs.s3.enabled' && Value === 'true');

const hasTls = async (LoadBalancerArn: string, session: Session): Promise<boolean> => {
  const client = session.client(ElasticLoadBalancingV2Client);
  for await (const { Listeners = [] } of paginateDescribeListeners({ client }, { LoadBalancerArn }))
    if (Listeners.some(({ Protocol }) => Protocol === 'TLS')) return true;
  return false;
};

/** A list as JSON text, which events encode once more than the API. */
const Attributes = z.preprocess(
  (value) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return undefined;
    }
  },
  z.array(
    z.object({ key: z.string(), value: z.string().nullish() }).transform(({ key, value }) => ({
      Key: key,
      Value: value ?? '',
    })),
  ),
);
