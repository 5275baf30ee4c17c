import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
} from '@aws-sdk/client-config-service';

import { createCache } from '../base/cache.ts';
import { type Place, placeKey } from '../base/place.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { ResourceKind } from './resource-kind.ts';

/** Reads from the emulator what the configuration recorders of all accounts record. */
export interface Recorders {
  readonly records: (place: Place, kind: Pick<ResourceKind, 'resourceType' | 'global'>) => Promise<boolean>;
  readonly isOn: (place: Place) => Promise<boolean>;
  /** To be called when a recorder has changed. */
  readonly invalidate: (place: Place) => void;
}

type RecordingGroup = Awaited<ReturnType<typeof readRecordingGroup>>;

const readRecordingGroup = async (clients: EmulatorClients, place: Place) => {
  const config = clients(ConfigServiceClient, place);
  const { ConfigurationRecordersStatus: statuses = [] } = await config.send(
    new DescribeConfigurationRecorderStatusCommand({}),
  );
  if (!statuses.some(({ recording }) => recording === true)) return undefined;
  const { ConfigurationRecorders: [recorder] = [] } = await config.send(
    new DescribeConfigurationRecordersCommand({}),
  );
  return recorder?.recordingGroup ?? { allSupported: true };
};

/** `allSupported` does not include IAM's types: they need `includeGlobalResourceTypes` or a listing. */
const includes = (
  group: RecordingGroup,
  { resourceType, global }: Pick<ResourceKind, 'resourceType' | 'global'>,
): boolean => {
  if (group === undefined) return false;
  const listed = (group.resourceTypes ?? []).some((type) => type === resourceType);
  if (group.allSupported !== true) return listed;
  return !global || group.includeGlobalResourceTypes === true;
};

export const createRecorders = (clients: EmulatorClients): Recorders => {
  const groups = createCache<RecordingGroup>();
  const groupOf = async (place: Place): Promise<RecordingGroup> =>
    groups.read(placeKey(place), async () => readRecordingGroup(clients, place));
  return {
    records: async (place, kind) => includes(await groupOf(place), kind),
    isOn: async (place) => (await groupOf(place)) !== undefined,
    invalidate: (place) => {
      groups.invalidate(placeKey(place));
    },
  };
};
