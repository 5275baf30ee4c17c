import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  type ConfigurationRecorder,
} from '@aws-sdk/client-config-service';
import { errorCode, failureKind, type Reads, type Session } from '@compliance/core/rule';
import { enabledRegions, recorderStatus } from '@compliance/enabled-regions';
import * as z from 'zod';

const Recorder = z.object({
  name: z.string(),
  recording: z.boolean(),
  /** In lower case, because AWS writes it both ways. */
  lastStatus: z.string(),
  /** Whether its role is the service-linked one of AWS Config. */
  serviceLinkedRole: z.boolean(),
  scope: z.enum(['all', 'exclusions', 'inclusions']),
  /** The types that it leaves out, when its scope is exclusions. */
  excluded: z.array(z.string()),
  /** Whether its settings include the global types of IAM. */
  globalTypes: z.boolean(),
});

/** AWS Config in one Region. */
const RegionFacts = z.object({
  region: z.string(),
  /** The customer's recorder; those of AWS services, which are linked to them, do not count. */
  recorder: Recorder.nullable(),
  /** Whether the recorder delivers. A channel without a recorder delivers nothing. */
  deliveryChannel: z.boolean(),
  /** The code with which AWS refuses to say, such as that of a policy that denies the Region. */
  unreadable: z.string().exactOptional(),
});
export type RegionFacts = z.infer<typeof RegionFacts>;

/** The enabled Regions of an account, by name. */
export const Facts = z.object({ regions: z.array(RegionFacts) });
export type Facts = z.infer<typeof Facts>;

/** Looks from one Region at all that are enabled: where AWS Config is off, no rule runs. */
export const observeRecorders = async (
  session: Session,
  reads: Reads,
): Promise<{ readonly facts: Facts }> => {
  const names = await enabledRegions(session, reads);
  return {
    facts: { regions: await Promise.all(names.map((name) => observeRegion(session.at(name), reads))) },
  };
};

const observeRegion = async (session: Session, reads: Reads): Promise<RegionFacts> => {
  const client = session.client(ConfigServiceClient);
  try {
    const { ConfigurationRecorders = [] } = await client.send(new DescribeConfigurationRecordersCommand({}));
    const own = ConfigurationRecorders.find((recorder) => !isLinked(recorder));
    if (!own) return { region: session.region, recorder: null, deliveryChannel: false };
    const [statuses, { DeliveryChannels = [] }] = await Promise.all([
      recorderStatus(session, reads),
      client.send(new DescribeDeliveryChannelsCommand({})),
    ]);
    const status = statuses.find(({ name }) => name === own.name);
    return {
      region: session.region,
      recorder: {
        ...settingsOf(own),
        recording: status?.recording === true,
        lastStatus: (status?.lastStatus ?? 'unknown').toLowerCase(),
      },
      deliveryChannel: DeliveryChannels.length > 0,
    };
  } catch (error) {
    if (failureKind(error) === 'transient') throw error;
    return { region: session.region, recorder: null, deliveryChannel: false, unreadable: errorCode(error) };
  }
};

/** Recorders that AWS services create for themselves record what they need, not what the customer wants. */
const isLinked = ({ servicePrincipal, connectorArn, recordingScope }: ConfigurationRecorder): boolean =>
  servicePrincipal !== undefined || connectorArn !== undefined || recordingScope === 'INTERNAL';

const settingsOf = ({ name = 'default', roleARN = '', recordingGroup = {} }: ConfigurationRecorder) => {
  const { allSupported, includeGlobalResourceTypes, exclusionByResourceTypes, recordingStrategy } =
    recordingGroup;
  const excluded = (exclusionByResourceTypes?.resourceTypes ?? []).map(String).toSorted();
  const scope =
    recordingStrategy?.useOnly === 'EXCLUSION_BY_RESOURCE_TYPES'
      ? ('exclusions' as const)
      : allSupported === true
        ? ('all' as const)
        : ('inclusions' as const);
  return {
    name,
    serviceLinkedRole: roleARN.includes(':role/aws-service-role/config.amazonaws.com/'),
    scope,
    excluded,
    globalTypes:
      scope === 'exclusions'
        ? !GLOBAL_TYPES.some((type) => excluded.includes(type))
        : scope === 'all' && includeGlobalResourceTypes === true,
  };
};

/** The types of IAM, of which one recorder of the account is enough. */
export const GLOBAL_TYPES: readonly string[] = ['Group', 'Policy', 'Role', 'User'].map(
  (type) => `AWS::IAM::${type}`,
);
