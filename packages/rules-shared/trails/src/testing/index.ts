export { describedTrail, fakeTrails, MANAGEMENT, ME } from './fake-trails.ts';
export { accountWithTrails, LOG_BUCKET, type TrailSeed } from './trail-fixtures.ts';
