import { GetUserCommand, IAMClient, paginateListUsers, type User } from '@aws-sdk/client-iam';
import { hasCode, type Resource, type Session } from '@compliance/core/rule';

export const USER = 'AWS::IAM::User';

/** All users of the account. The rules of a sweep share them. */
export const listUsers = (session: Session): Promise<readonly User[]> =>
  session.onceInAccount('iam/users', async () => {
    const pages = paginateListUsers({ client: session.client(IAMClient), pageSize: 1000 }, {});
    return (await Array.fromAsync(pages)).flatMap(({ Users = [] }) => Users);
  });

/**
 * The present name of a user, which AWS Config knows by its id. `undefined`: there is no such user.
 * The name that came with the resource saves a search, but it is only believed when the id is still the same: after a
 * rename, or a deletion, it may be another user's.
 */
export const findUserName = async (
  { resourceId, resourceName }: Resource,
  client: IAMClient,
): Promise<string | undefined> => {
  if (resourceName !== undefined && (await findUserId(resourceName, client)) === resourceId)
    return resourceName;
  for await (const { Users = [] } of paginateListUsers({ client, pageSize: 1000 }, {})) {
    const found = Users.find(({ UserId }) => UserId === resourceId);
    if (found) return found.UserName;
  }
  return undefined;
};

const findUserId = async (userName: string, client: IAMClient): Promise<string | undefined> => {
  try {
    return (await client.send(new GetUserCommand({ UserName: userName }))).User?.UserId;
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};
