import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const account = (admin: Session): Promise<Resource> =>
  Promise.resolve({ resourceType: 'AWS::::Account', resourceId: admin.accountId });

/** AWS Config in every enabled Region; the types of IAM in one. */
const everywhere = async (admin: Session) => {
  const { Regions = [] } = await admin.client(EC2Client).send(new DescribeRegionsCommand({}));
  for (const { RegionName = '' } of Regions) {
    const client = admin.at(RegionName).client(ConfigServiceClient);
    const roleARN = `arn:aws:iam::${admin.accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
    const recordingGroup = { allSupported: true, includeGlobalResourceTypes: RegionName === 'us-east-1' };
    await client.send(
      new PutConfigurationRecorderCommand({
        ConfigurationRecorder: { name: 'default', roleARN, recordingGroup },
      }),
    );
    await client.send(
      new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: 'logs' } }),
    );
    await client.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  }
  return account(admin);
};

const stoppedIn =
  (...regions: readonly string[]) =>
  async (admin: Session) => {
    const resource = await everywhere(admin);
    for (const region of regions)
      await admin
        .at(region)
        .client(ConfigServiceClient)
        .send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
    return resource;
  };

describeRuleContract(rule, {
  compliant: { 'an account that records everything in every Region': everywhere },
  nonCompliant: {
    'an account whose recorder is stopped in two other Regions': stoppedIn('us-east-1', 'ap-south-1'),
  },
  manual: { 'an account without a recorder in any Region': account },
});
