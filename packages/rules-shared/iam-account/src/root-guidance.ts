/**
 * How a person takes root's credentials away in a member account, where nobody needs them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
export const DELETE_IN_MEMBER =
  'In a member account with central root access, delete the credentials of root: from the management account, ' +
  'aws sts assume-root --target-principal <account id> with the task policy IAMDeleteRootUserCredentials, then';
