import { AssociateIamInstanceProfileCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { gone, instance, item, terminatedInstance } from '@compliance/ec2-instances/testing';

import { rule } from '../src/rule.ts';

const InstanceProfileName = 'server';

const profile = async (admin: Session, { role }: { readonly role: boolean }) => {
  const iam = admin.client(IAMClient);
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path: '/apps/' }));
  if (!role) return;
  await iam.send(new CreateRoleCommand({ RoleName: 'server', AssumeRolePolicyDocument: '{}' }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'server' }));
};

const instanceWith =
  (options: { readonly role: boolean }) =>
  async (admin: Session): Promise<Resource> => {
    await profile(admin, options);
    const resource = await instance()(admin);
    await admin.client(EC2Client).send(
      new AssociateIamInstanceProfileCommand({
        InstanceId: resource.resourceId,
        IamInstanceProfile: { Name: InstanceProfileName },
      }),
    );
    return resource;
  };

const withDeletedProfile = async (admin: Session): Promise<Resource> => {
  const resource = await instanceWith({ role: false })(admin);
  await admin.client(IAMClient).send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  return resource;
};

describeRuleContract(rule, {
  parameters: {
    instanceProfileName: InstanceProfileName,
    instanceProfileRoleArn: 'arn:{partition}:iam::{accountId}:role/server',
  },
  compliant: { 'an instance whose profile has a role': instanceWith({ role: true }) },
  nonCompliant: {
    'an instance without a profile': async (admin) => {
      // In its second Region, the contract finds the profile of the first: IAM is global.
      await profile(admin, { role: true }).catch(() => undefined);
      return instance()(admin);
    },
  },
  notApplicable: { 'a terminated instance': terminatedInstance },
  manual: {
    'an instance whose profile has no role': instanceWith({ role: false }),
    'an instance whose profile is deleted': withDeletedProfile,
    'an instance whose profile is made again': async (admin) => {
      const resource = await withDeletedProfile(admin);
      await profile(admin, { role: true });
      return resource;
    },
  },
  item,
  gone,
});
