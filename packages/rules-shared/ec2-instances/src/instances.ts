import {
  DescribeInstancesCommand,
  EC2Client,
  paginateDescribeInstances,
  type Instance,
} from '@aws-sdk/client-ec2';
import { ec2Shape, hasCode, tagsOf, type Resource, type Session } from '@compliance/core/rule';

export const INSTANCE = 'AWS::EC2::Instance';

/** How exemptions and owners name an instance. */
export const instanceShape = ec2Shape('instance');

/** Lists the instances of the Region. The rules of a sweep share the listing: one call per thousand instances. */
export const sharedInstances = (session: Session): Promise<readonly Instance[]> =>
  session.once('ec2/instances', async () => {
    const client = session.client(EC2Client);
    const pages = await Array.fromAsync(paginateDescribeInstances({ client, pageSize: 1000 }, {}));
    return pages.flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances));
  });

/** Reads an instance, live. `undefined`: it is gone. */
export const describeInstance = async (
  instanceId: string,
  session: Session,
): Promise<Instance | undefined> => {
  try {
    const command = new DescribeInstancesCommand({ InstanceIds: [instanceId] });
    const { Reservations = [] } = await session.client(EC2Client).send(command);
    return Reservations.flatMap(({ Instances = [] }) => Instances)[0];
  } catch (error) {
    if (hasCode(error, 'InvalidInstanceID.NotFound')) return undefined;
    throw error;
  }
};

/** Whether an instance in this state never runs again. EC2 shows it for about an hour. */
export const isTerminated = (state: string | undefined): boolean =>
  state === 'terminated' || state === 'shutting-down';

export const resourceOf = ({ InstanceId = '', Tags }: Instance): Resource => ({
  resourceType: INSTANCE,
  resourceId: InstanceId,
  tags: tagsOf(Tags),
});
