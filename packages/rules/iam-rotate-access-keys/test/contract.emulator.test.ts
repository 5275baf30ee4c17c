import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAccountAliasesCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { defined, type Resource, type Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { inject } from 'vitest';

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
  compliant: { 'a user whose old key is not active': user({ inactive: 1 }) },
  nonCompliant: {
    'a user with two old keys': user({ active: 2 }),
    'a user in a path, with an old key and one that is not active': user({
      active: 1,
      inactive: 1,
      path: '/teams/network/',
    }),
    'a user whose name is known': user({ active: 1, named: true }),
  },
  untouched,
  gone: { resourceType: 'AWS::IAM::User', resourceId: 'AIDAEXAMPLEOFNOBODY01', resourceName: 'nobody' },
});

/** The 92nd day from now ends: a key created today is unused for 92 days, one used today for 91. */
const endOf92Days = (Math.floor(Date.now() / DAY_MS) + 93) * DAY_MS;

/** A user with two old keys, of which one is in use. */
const userOfOneKey = async (admin: Session) => {
  const resource = await user({ active: 1, named: true })(admin);
  const { AccessKey } = await admin.client(IAMClient).send(new CreateAccessKeyCommand({ UserName: USER }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  const credentials = { accessKeyId, secretAccessKey };
  const client = new IAMClient({ endpoint: inject('emulator'), region: admin.region, credentials });
  await client.send(new ListAccountAliasesCommand({}));
  client.destroy();
  return resource;
};

/** The user has a new key, so a person deactivates the one in use. */
const replaceKeys = async (_: Resource, admin: Session) => {
  for (const { AccessKeyId } of await keysOf(USER, admin))
    await admin
      .client(IAMClient)
      .send(new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId, Status: 'Inactive' }));
};

describeRuleContract(iamRotateAccessKeys, {
  parameters: { onlyIfUnusedDays: 92 },
  now: new Date(endOf92Days - 2),
  later: new Date(endOf92Days - 1),
  compliant: {},
  nonCompliant: { 'a user with a key that was never used': user({ active: 1, named: true }) },
  settling: { 'a user with one key in use and one idle': { seed: userOfOneKey, settle: replaceKeys } },
  untouched,
  unproven: { 'iam:ListUsers': 'The contract above proves it.' },
});
