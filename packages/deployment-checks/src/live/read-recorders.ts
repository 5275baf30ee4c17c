import {
  ConfigServiceClient,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  type ConfigurationRecorder,
} from '@aws-sdk/client-config-service';
import type { Session } from '@compliance/core';

import type { DeployedRecorder } from '../model/deployment.ts';
import type { Fragment } from './fragment.ts';

/** Reads the recorder and the delivery channel of an account and Region. */
export const readRecorders = async (session: Session): Promise<Fragment> => {
  const { accountId, region } = session;
  const client = session.client(ConfigServiceClient);
  const [recorders, statuses, channels] = await Promise.all([
    client.send(new DescribeConfigurationRecordersCommand({})),
    client.send(new DescribeConfigurationRecorderStatusCommand({})),
    client.send(new DescribeDeliveryChannelsCommand({})),
  ]);
  const isOn = (name: string | undefined) =>
    statuses.ConfigurationRecordersStatus?.some(
      (status) => status.name === name && status.recording === true,
    ) === true;
  return {
    // AWS services may have recorders of their own; skip them.
    recorders: (recorders.ConfigurationRecorders ?? [])
      .filter(({ servicePrincipal }) => servicePrincipal === undefined)
      .map((recorder) => ({
        accountId,
        region,
        name: recorder.name ?? 'default',
        recording: isOn(recorder.name),
        records: recordsOf(recorder),
        daily: dailyOf(recorder),
      })),
    channels: (channels.DeliveryChannels ?? []).map(({ name = 'default' }) => ({ accountId, region, name })),
    coverage: [{ part: 'recorders', accountId, region }],
  };
};

const recordsOf = ({ recordingGroup }: ConfigurationRecorder): DeployedRecorder['records'] => {
  const excluded = recordingGroup?.exclusionByResourceTypes?.resourceTypes ?? [];
  if (recordingGroup?.recordingStrategy?.useOnly === 'EXCLUSION_BY_RESOURCE_TYPES' || excluded.length > 0)
    return { type: 'all-but', resourceTypes: excluded };
  if (recordingGroup?.allSupported === false)
    return { type: 'listed', resourceTypes: recordingGroup.resourceTypes ?? [] };
  return { type: 'all', includeGlobal: recordingGroup?.includeGlobalResourceTypes === true };
};

const dailyOf = ({ recordingMode }: ConfigurationRecorder): readonly string[] => [
  ...(recordingMode?.recordingFrequency === 'DAILY' ? ['*'] : []),
  ...(recordingMode?.recordingModeOverrides ?? [])
    .filter(({ recordingFrequency }) => recordingFrequency === 'DAILY')
    .flatMap(({ resourceTypes }) => resourceTypes ?? []),
];
