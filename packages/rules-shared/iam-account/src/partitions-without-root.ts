/**
 * Why the accounts of a partition have no root user; `undefined`: they have one.
 * @see https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html
 */
export const whyNoRoot = (partition: string): string | undefined =>
  partition === 'aws-cn' ? 'The Regions of China have no root user.' : undefined;

/**
 * Why MFA of root does not concern an account of a partition; `undefined`: it does.
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html
 */
export const whyRootNeedsNoMfa = (partition: string): string | undefined =>
  partition === 'aws-us-gov'
    ? "The root user of GovCloud cannot have MFA; that of the account's standard account can."
    : whyNoRoot(partition);
