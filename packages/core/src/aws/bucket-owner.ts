/**
 * The account that must own a bucket of a deployment, as a parameter of every S3 call. It is in the bucket's name. Names
 * are unique across all of AWS: somebody else may take one first, and let us write there. Nothing for any other name,
 * such as that of a copy, which may have any owner.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export const expectedBucketOwner = (bucket: string): { readonly ExpectedBucketOwner?: string } => {
  const owner = /^compliance-(?:ledger|sealed)-(\d{12})$/.exec(bucket)?.[1];
  return owner === undefined ? {} : { ExpectedBucketOwner: owner };
};
