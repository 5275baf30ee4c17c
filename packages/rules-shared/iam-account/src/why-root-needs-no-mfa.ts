const REASONS: Readonly<Record<string, string>> = {
  // https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html
  'aws-cn': 'The Regions of China have no root user.',
  // https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html
  'aws-us-gov': "The root user of GovCloud cannot have MFA; that of the account's standard account can.",
};

/** Why MFA of root does not concern an account of a partition; `undefined`: it does. */
export const whyRootNeedsNoMfa = (partition: string): string | undefined => REASONS[partition];
