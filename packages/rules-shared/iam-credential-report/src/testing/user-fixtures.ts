import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  type AccessKeyMetadata,
} from '@aws-sdk/client-iam';
import { defined, type Resource, type Session } from '@compliance/core/rule';

import { USER } from '../user.ts';

/** What a user has. */
export interface UserFixture {
  readonly active?: number;
  readonly inactive?: number;
  readonly password?: boolean;
  readonly mfa?: boolean;
  readonly path?: string;
  /** The resource has the name of its user, like in a listing. */
  readonly named?: boolean;
}

/** The seeded user's name. */
export const USER_NAME = 'user@example.com';

/** Seeds a user beside another one, who has keys, a password and no MFA. */
export const user =
  (fixture: UserFixture = {}) =>
  async (admin: Session): Promise<Resource> => {
    await createUser(BYSTANDER, { active: 1, inactive: 1, password: true }, admin);
    return createUser(USER_NAME, fixture, admin);
  };

export const keysOf = async (UserName: string, admin: Session): Promise<readonly AccessKeyMetadata[]> => {
  const { AccessKeyMetadata = [] } = await admin
    .client(IAMClient)
    .send(new ListAccessKeysCommand({ UserName }));
  return AccessKeyMetadata;
};

/** The keys of the other user, and the ids of the user's own: a fix deletes none. */
export const otherKeys = async (_: Resource, admin: Session) => ({
  bystander: await keysOf(BYSTANDER, admin),
  own: (await keysOf(USER_NAME, admin)).map(({ AccessKeyId }) => AccessKeyId),
});

/** A user that does not exist. */
export const NOBODY: Resource = {
  resourceType: USER,
  resourceId: 'AIDAEXAMPLEOFNOBODY01',
  resourceName: 'nobody',
};

const BYSTANDER = 'bystander';

const createUser = async (
  userName: string,
  { active = 0, inactive = 0, password, mfa, path, named }: UserFixture,
  admin: Session,
): Promise<Resource> => {
  const client = admin.client(IAMClient);
  const { User } = await client.send(
    new CreateUserCommand({ UserName: userName, ...defined({ Path: path }) }),
  );
  for (const Status of [
    ...Array<'Active'>(active).fill('Active'),
    ...Array<'Inactive'>(inactive).fill('Inactive'),
  ]) {
    const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: userName }));
    const AccessKeyId = AccessKey?.AccessKeyId;
    await client.send(new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId, Status }));
  }
  if (password === true)
    await client.send(
      new CreateLoginProfileCommand({ UserName: userName, Password: 'a password of this test' }),
    );
  if (mfa === true) await enableMfa(userName, client);
  const resource = { resourceType: USER, resourceId: User?.UserId ?? '' };
  return named === true ? { ...resource, resourceName: userName } : resource;
};

const enableMfa = async (userName: string, client: IAMClient) => {
  const { VirtualMFADevice } = await client.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }),
  );
  await client.send(
    new EnableMFADeviceCommand({
      UserName: userName,
      SerialNumber: VirtualMFADevice?.SerialNumber,
      AuthenticationCode1: '123456',
      AuthenticationCode2: '654321',
    }),
  );
};
