export { defineObjectEventRule } from './define-object-event-rule.ts';
export { annotationOf, type Lacking } from './annotation.ts';
export { judgeLogBucket, LOG_BUCKET_READS, logBucketFacts, observeLogBuckets } from './log-buckets.ts';
export { loadTrails, loadTrailsOfRegion, TRAIL_READS, type LoadedTrail } from './load-trails.ts';
export { observeAccountTrails, observeEach, observeRecording, observeTrail } from './observe-trails.ts';
export { observeTrailResources, TRAIL_SHAPE } from './observe-trail-resources.ts';
export { orThrow } from './refused.ts';
export {
  activityShortcomings,
  isUnproven,
  regionalShortcomings,
  shortcomingsOf,
  unreadShortcomings,
  type Shortcoming,
  type Tolerated,
} from './shortcomings.ts';
export { startLogging } from './start-logging.ts';
export { Recording, Trail } from './trail.ts';
export { leaveOrganizationTrail, UPDATE_TRAIL, UPDATE_TRAIL_UNDO, updateTrail } from './update-trail.ts';
