import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';

import type { LocalOrg } from './local-org.ts';
import type { Place } from '../base/place.ts';

/** Puts and starts the recorder that every governed account has; IAM is recorded in one Region only. */
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
  // Nothing is delivered here, so the bucket need not exist; without a channel no recorder starts.
  const channel = { name: 'default', s3BucketName: 'config-delivery' };
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: channel }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
};
