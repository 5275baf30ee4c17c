import { GetUserCommand, IAMClient, paginateListUsers, type User } from '@aws-sdk/client-iam';
import { hasCode, type Resource, type Session } from '@compliance/core/rule';

export const USER = 'AWS::IAM::User';

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
): Promise<User | undefined> => {
  const named = resourceName === undefined ? undefined : await getUser(resourceName, client);
  if (named?.UserId === resourceId) return named;
  for await (const { Users = [] } of paginateListUsers({ client, pageSize: 1000 }, {})) {
    const found = Users.find(({ UserId }) => UserId === resourceId);
    if (found) return found;
  }
  return undefined;
};

const getUser = async (userName: string, client: IAMClient): Promise<User | undefined> => {
  try {
    return (await client.send(new GetUserCommand({ UserName: userName }))).User;
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};
