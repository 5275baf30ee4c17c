export { objectEventFixtures } from './object-event-fixtures.ts';
export { bucket, bucketItem, createBucket, logBucket } from './log-bucket-fixtures.ts';
export { describedTrail, fakeTrails, MANAGEMENT, ME } from './fake-trails.ts';
export {
  accountWithTrails,
  LOG_BUCKET,
  trailItem,
  trailResource,
  trailsExcept,
  type TrailSeed,
} from './trail-fixtures.ts';
