import {
  ConfigServiceClient,
  type ConfigurationRecorder,
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
  /** The recorder of a place and whether it records now; `undefined` when there is none. */
  readonly describe: (place: Place) => Promise<RecorderState | undefined>;
  /** To be called when a recorder has changed. */
  readonly invalidate: (place: Place) => void;
}

type RecordingGroup = NonNullable<ConfigurationRecorder['recordingGroup']>;

type RecorderState = { readonly recording: boolean; readonly recordingGroup: RecordingGroup };

const readRecorder = async (clients: EmulatorClients, place: Place): Promise<RecorderState | undefined> => {
  const config = clients(ConfigServiceClient, place);
  const { ConfigurationRecordersStatus: statuses = [] } = await config.send(
    new DescribeConfigurationRecorderStatusCommand({}),
  );
  const { ConfigurationRecorders: [recorder] = [] } = await config.send(
    new DescribeConfigurationRecordersCommand({}),
  );
  if (recorder === undefined) return undefined;
  return {
    recording: statuses.some(({ recording }) => recording === true),
    recordingGroup: recorder.recordingGroup ?? { allSupported: true },
  };
};

/** `allSupported` does not include IAM's types: they need `includeGlobalResourceTypes` or a listing. */
const includes = (
  recorder: RecorderState | undefined,
  { resourceType, global }: Pick<ResourceKind, 'resourceType' | 'global'>,
): boolean => {
  if (recorder?.recording !== true) return false;
  const group = recorder.recordingGroup;
  const listed = (group.resourceTypes ?? []).some((type) => type === resourceType);
  if (group.allSupported !== true) return listed;
  return !global || group.includeGlobalResourceTypes === true;
};

export const createRecorders = (clients: EmulatorClients): Recorders => {
  const known = createCache<RecorderState | undefined>();
  const describe = async (place: Place) =>
    known.read(placeKey(place), async () => readRecorder(clients, place));
  return {
    records: async (place, kind) => includes(await describe(place), kind),
    isOn: async (place) => (await describe(place))?.recording === true,
    describe,
    invalidate: (place) => {
      known.invalidate(placeKey(place));
    },
  };
};
