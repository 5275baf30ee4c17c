import { DescribeInstancesCommand, type DescribeInstancesResult } from '@aws-sdk/client-ec2';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, camelCaseMembers, tagList, tagMap } from './camel-case.ts';
import { containedIn, ec2Client, regional } from './ec2.ts';
import type { ResourceKind } from './resource-kind.ts';

const instancesIn = ({ Reservations: reservations = [] }: DescribeInstancesResult) =>
  reservations.flatMap(({ Instances: instances = [] }) => instances);

export const instance: ResourceKind = {
  resourceType: 'AWS::EC2::Instance',
  global: false,
  list: async (reader) => {
    const found = instancesIn(await ec2Client(reader).send(new DescribeInstancesCommand({})));
    return found.flatMap(({ InstanceId: id }) => id ?? []);
  },
  describe: async (reader, instanceId) => {
    const command = new DescribeInstancesCommand({ InstanceIds: [instanceId] });
    const answer = await undefinedIfNotFound(ec2Client(reader).send(command), 'InvalidInstanceID.NotFound');
    const [found] = instancesIn(answer ?? {});
    // The item of a terminated instance has the status ResourceDeleted.
    if (found === undefined || found.State?.Name === 'terminated') return undefined;
    const { Tags: tags, IamInstanceProfile: profile, ...configuration } = found;
    return {
      ...regional(reader, 'instance', instanceId, tagMap(tags)),
      resourceName: null,
      availabilityZone: found.Placement?.AvailabilityZone ?? 'Not Applicable',
      resourceCreationTime: found.LaunchTime?.toISOString() ?? null,
      configuration: {
        ...camelCaseMembers(configuration),
        iamInstanceProfile: profile === undefined ? null : camelCase(profile),
        tags: tagList(tagMap(tags)),
      },
      relationships: containedIn(found.VpcId),
    };
  },
};
