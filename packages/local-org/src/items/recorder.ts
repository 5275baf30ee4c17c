import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
} from '@aws-sdk/client-config-service';

import type { EmulatorClients } from '../emulator/clients.ts';
import { type Place, placeKey } from '../base/place.ts';
import { createCache } from '../base/cache.ts';
import type { ResourceKind } from './resource-kind.ts';

/** What the recorders of the organization record; the recorders themselves live in the emulator. */
export interface Recorders {
  readonly records: (place: Place, kind: Pick<ResourceKind, 'resourceType' | 'global'>) => Promise<boolean>;
  readonly isOn: (place: Place) => Promise<boolean>;
  /** A recorder was changed: ask again. */
  readonly invalidate: (place: Place) => void;
}

type RecordingGroup = Awaited<ReturnType<typeof read>>;

const read = async (clients: EmulatorClients, place: Place) => {
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

/** `allSupported` alone leaves IAM's types out; they need `includeGlobalResourceTypes` or to be listed. */
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
  const known = createCache<RecordingGroup>();
  const groupOf = async (place: Place): Promise<RecordingGroup> =>
    known.read(placeKey(place), async () => read(clients, place));
  return {
    records: async (place, kind) => includes(await groupOf(place), kind),
    isOn: async (place) => (await groupOf(place)) !== undefined,
    invalidate: (place) => {
      known.invalidate(placeKey(place));
    },
  };
};
