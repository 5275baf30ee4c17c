// What a simulation is made of: chance, order and time from a seed, and fakes of AWS and of the state table. Apart from
// the entry point for tests, which needs vitest.
export { answersThrough, sinkThrough, tableThrough, type Effect } from './effects.ts';
export { exampleRule } from './example-rule.ts';
export { awsError, fakeSession, on, type FakeAnswer } from './fake-session.ts';
export { bucketAnswers, type Buckets } from './memory-bucket.ts';
export { memoryTable, type MemoryTable } from './memory-table.ts';
export {
  sampleChangeEvent,
  sampleDeletedEvent,
  sampleOversizedEvent,
  sampleScheduledEvent,
} from './sample-events.ts';
export { samplePayload } from './sample-payload.ts';
export { createScheduler, loadAhead, type Scheduler } from './scheduler.ts';
export { seededRandom, type SeededRandom } from './seeded-random.ts';
export { settingsWith } from './settings-with.ts';
