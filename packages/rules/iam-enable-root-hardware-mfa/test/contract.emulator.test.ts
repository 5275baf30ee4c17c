import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { enableMfa, rootWith, virtualDevice } from '@compliance/iam-account/testing';

import { rule } from '../src/rule.ts';

const securityKeyBesideDevicesOfOthers = async (admin: Session) => {
  const client = admin.client(IAMClient);
  await virtualDevice(client, 'root-account-mfa-device');
  await client.send(new CreateUserCommand({ UserName: 'chroot' }));
  await enableMfa(client, await virtualDevice(client, 'of-chroot'), 'chroot');
  return rootWith({ mfa: ['hardware'] })(admin);
};

describeRuleContract(rule, {
  compliant: {
    'an account whose root has a security key, beside virtual devices of a user and of nobody':
      securityKeyBesideDevicesOfOthers,
    'a member account whose root was stripped of its password': rootWith({ password: false }),
  },
  nonCompliant: {},
  manual: {
    'an account whose root has only a password': rootWith({}),
    'an account whose root has a virtual device': rootWith({ mfa: ['virtual'] }),
    'an account whose root has a virtual device among its security keys': rootWith({
      mfa: ['hardware', 'virtual', 'hardware'],
    }),
  },
  notIn: ['aws-cn', 'aws-us-gov'],
});
