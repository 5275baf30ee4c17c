import {
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core/rule';
import { itemOf } from '@compliance/core/testing';

import { describeInstance } from '../instances.ts';

/** Seeds an instance. */
export const instance =
  (options: Partial<RunInstancesCommandInput> = {}) =>
  async (admin: Session): Promise<Resource> => {
    const { Instances: [made] = [] } = await admin.client(EC2Client).send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'owner', Value: 'team-a' }] }],
        ...options,
      }),
    );
    return { resourceType: 'AWS::EC2::Instance', resourceId: made?.InstanceId ?? '' };
  };

export const terminatedInstance = async (admin: Session): Promise<Resource> => {
  const resource = await instance()(admin);
  await admin.client(EC2Client).send(new TerminateInstancesCommand({ InstanceIds: [resource.resourceId] }));
  return resource;
};

/** The item of an instance as AWS Config records it. */
export const item = async (resource: Resource, admin: Session) => {
  const found = await describeInstance(resource.resourceId, admin);
  const { MetadataOptions: options, IamInstanceProfile: profile } = found ?? {};
  return itemOf(resource, admin, {
    arn: `arn:aws:ec2:${admin.region}:${admin.accountId}:instance/${resource.resourceId}`,
    tags: found?.Tags,
    configuration: {
      instanceId: resource.resourceId,
      state: { code: found?.State?.Code, name: found?.State?.Name },
      iamInstanceProfile: profile === undefined ? null : { arn: profile.Arn, id: profile.Id },
      metadataOptions: {
        state: options?.State,
        httpTokens: options?.HttpTokens,
        httpPutResponseHopLimit: options?.HttpPutResponseHopLimit,
        httpEndpoint: options?.HttpEndpoint,
      },
    },
  });
};

export const gone: Resource = { resourceType: 'AWS::EC2::Instance', resourceId: 'i-0123456789abcdef0' };
