import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { defined, type Resource, type Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { iamRotateAccessKeys } from '../src/rule.ts';

interface UserFixture {
  readonly active?: number;
  readonly inactive?: number;
  readonly path?: string;
  /** The resource has the name of its user, like in a listing. */
  readonly named?: boolean;
}

/** A user beside another one, who has keys too. */
const user =
  ({ active = 0, inactive = 0, path, named = false }: UserFixture = {}) =>
  async (admin: Session) => {
    const client = admin.client(IAMClient);
    const userWithKeys = async (
      UserName: string,
      keys: readonly ('Active' | 'Inactive')[],
      Path?: string,
    ) => {
      const { User } = await client.send(new CreateUserCommand({ UserName, ...defined({ Path }) }));
      for (const Status of keys) {
        const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
        await client.send(
          new UpdateAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId, Status }),
        );
      }
      return { resourceType: 'AWS::IAM::User', resourceId: User?.UserId ?? '' };
    };
    await userWithKeys('bystander', ['Active', 'Inactive']);
    const keys = [...Array<'Active'>(active).fill('Active'), ...Array<'Inactive'>(inactive).fill('Inactive')];
    const resource = await userWithKeys(USER, keys, path);
    return named ? { ...resource, resourceName: USER } : resource;
  };

const USER = 'user@example.com';

const keysOf = async (UserName: string, admin: Session) => {
  const { AccessKeyMetadata = [] } = await admin
    .client(IAMClient)
    .send(new ListAccessKeysCommand({ UserName }));
  return AccessKeyMetadata;
};

/** The keys of the other user, and the ids of the user's own: a fix deletes none. */
const untouched = async (_: Resource, admin: Session) => ({
  bystander: await keysOf('bystander', admin),
  own: (await keysOf(USER, admin)).map(({ AccessKeyId }) => AccessKeyId),
});

const DAY_MS = 86_400_000;

describeRuleContract(iamRotateAccessKeys, {
  now: new Date(Date.now() + 91.5 * DAY_MS),
  compliant: {
    'a user without a key': user(),
    'a user whose old key is not active': user({ inactive: 1 }),
  },
  nonCompliant: {
    'a user with an old key': user({ active: 1 }),
    'a user with two old keys': user({ active: 2 }),
    'a user with an old key and one that is not active': user({ active: 1, inactive: 1 }),
    'a user in a path': user({ active: 1, path: '/teams/network/' }),
    'a user whose name is known': user({ active: 1, named: true }),
  },
  untouched,
  gone: { resourceType: 'AWS::IAM::User', resourceId: 'AIDAEXAMPLEOFNOBODY01', resourceName: 'nobody' },
});

describeRuleContract(iamRotateAccessKeys, {
  parameters: { onlyIfUnusedDays: 45 },
  now: new Date(Date.now() + 91.5 * DAY_MS),
  compliant: {},
  nonCompliant: { 'a user with a key that was never used': user({ active: 1, named: true }) },
  untouched,
  unproven: { 'iam:ListUsers': 'The contract above proves it.' },
});

describeRuleContract(iamRotateAccessKeys, {
  now: new Date(Date.now() + 90.5 * DAY_MS),
  compliant: { 'a user whose key has exactly the maximum age': user({ active: 1, named: true }) },
  nonCompliant: {},
  unproven: {
    'iam:UpdateAccessKey': 'There is nothing to fix.',
    'iam:ListUsers': 'The first contract proves it.',
  },
});
