export { BUCKET, BUCKET_SHAPE, bucketOf, BUCKETS, listBuckets, type Bucket } from './bucket.ts';
export { bucketSetting } from './bucket-setting.ts';
