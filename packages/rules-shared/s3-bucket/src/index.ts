export { BUCKET, BUCKET_SHAPE, bucketOf, BUCKETS, listBuckets, type Bucket } from './bucket.ts';
export { bucketPolicy, policyTextOf } from './bucket-policy.ts';
export { bucketSetting } from './bucket-setting.ts';
export { EXPOSURE_GRANTS, exposures, type Exposure } from './exposure.ts';
export {
  accountBlock,
  BLOCK_FLAGS,
  BLOCK_IN_TERRAFORM,
  blockWithout,
  bucketBlock,
  flagsOff,
  sharedAccountBlock,
  type BlockFlag,
  type PublicAccessBlock,
} from './public-access-block.ts';
