import {
  GetUserCommand,
  paginateListUsers,
  IAMClient,
  type User,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { defined, hasCode, type Resource, type Session } from '@compliance/core/rule';

import { isoOf } from './time.ts';

export const USER = 'AWS::IAM::User';

/** A user as IAM answers now. */
export interface LiveUser extends Pick<User, 'Arn'> {
  readonly userName: string;
  readonly created: string;
  /** `null`: never used, or not since AWS records it. */
  readonly passwordLastUsed: string | null;
}

/** Lists all users of the account. The rules of a sweep share the list. */
export const listUsers = (session: Session): Promise<readonly User[]> =>
  session.onceInAccount('iam/users', async () => {
    const pages = paginateListUsers({ client: session.client(IAMClient), pageSize: 1000 }, {});
    return (await Array.fromAsync(pages)).flatMap(({ Users = [] }) => Users);
  });

/**
 * Finds a user by its id. `undefined`: the user does not exist.
 * The name that came with the resource saves a search, but it is used only if the id matches: after a rename or a
 * deletion it may belong to another user.
 */
export const findUser = async (
  { resourceId, resourceName }: Resource,
  client: IAMClient,
): Promise<LiveUser | undefined> => {
  const named = resourceName === undefined ? undefined : await getUser(resourceName, client);
  if (named?.UserId === resourceId) return liveUser(named);
  for await (const { Users = [] } of paginateListUsers({ client, pageSize: 1000 }, {})) {
    const found = Users.find(({ UserId }) => UserId === resourceId);
    if (found) return liveUser(found);
  }
  return undefined;
};

/** Reads a user by its name. `undefined`: it does not exist. */
export const readUser = async (userName: string, client: IAMClient): Promise<LiveUser | undefined> => {
  const user = await getUser(userName, client);
  return user && liveUser(user);
};

/** A user of a listing as a resource. */
export const resourceOf = (user: Pick<UserDetail, 'UserId' | 'UserName' | 'Arn'>): Resource => ({
  resourceType: USER,
  resourceId: user.UserId ?? '',
  ...defined({ resourceName: user.UserName, arn: user.Arn }),
});

export const identityOf = ({ userName, Arn }: LiveUser): Pick<Resource, 'resourceName' | 'arn'> => ({
  resourceName: userName,
  ...defined({ arn: Arn }),
});

const liveUser = ({ UserName = '', Arn, CreateDate, PasswordLastUsed }: User): LiveUser => ({
  userName: UserName,
  Arn,
  created: isoOf(CreateDate),
  passwordLastUsed: PasswordLastUsed ? isoOf(PasswordLastUsed) : null,
});

const getUser = async (userName: string, client: IAMClient): Promise<User | undefined> => {
  try {
    return (await client.send(new GetUserCommand({ UserName: userName }))).User;
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};
