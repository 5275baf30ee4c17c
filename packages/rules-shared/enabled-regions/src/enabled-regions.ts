import {
  ConfigServiceClient,
  DescribeConfigurationRecorderStatusCommand,
  type ConfigurationRecorderStatus,
} from '@aws-sdk/client-config-service';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Reads, Session } from '@compliance/core/rule';

/** The names of the Regions that are enabled for the account, sorted. */
export const enabledRegions = (session: Session, reads: Reads): Promise<readonly string[]> => {
  const load = async () => {
    const { Regions = [] } = await session.client(EC2Client).send(new DescribeRegionsCommand({}));
    return Regions.flatMap(({ RegionName }) => RegionName ?? []).toSorted();
  };
  return reads === 'live' ? load() : session.onceInAccount('ec2/enabled-regions', load);
};

/** The status of the recorders of AWS Config in the session's Region. */
export const recorderStatus = (
  session: Session,
  reads: Reads,
): Promise<readonly ConfigurationRecorderStatus[]> => {
  const load = async () => {
    const command = new DescribeConfigurationRecorderStatusCommand({});
    return (await session.client(ConfigServiceClient).send(command)).ConfigurationRecordersStatus ?? [];
  };
  return reads === 'live' ? load() : session.once('config/recorder-status', load);
};
