import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';

import type { Place } from '../base/place.ts';
import type { LocalOrg } from './local-org.ts';

/** Creates and starts the recorder of a governed account; IAM is recorded in one Region only. */
export const startRecorder = async (
  client: LocalOrg['client'],
  place: Place,
  includeGlobal: boolean,
): Promise<void> => {
  const { accountId, region } = place;
  const config = client(ConfigServiceClient, accountId, region);
  await config.send(
    new PutConfigurationRecorderCommand({
      ConfigurationRecorder: {
        name: 'default',
        roleARN: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: includeGlobal },
      },
    }),
  );
  // A recorder needs a delivery channel to start; nothing is delivered, so the bucket need not exist.
  const channel = { name: 'default', s3BucketName: 'config-delivery' };
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: channel }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
};
