export { collectChanges, type RecordedChange } from './changes.ts';
export { folderLedger } from './folder-ledger.ts';
export type { Ledger } from './ledger.ts';
export { hasErrno } from './errno.ts';
export { createFile, isDraft, makeFolders, readPlainFile } from './folder-files.ts';
export {
  arrivedIn,
  CLASSES,
  classOf,
  classOfType,
  classPrefix,
  filesOf,
  isDay,
  isFormerKey,
  isPresentKey,
  placeOfKey,
  shardOf,
  type EventClass,
} from './ledger-key.ts';
export { loadAhead } from './load-ahead.ts';
export { parseLine } from './parse-line.ts';
export { ledgerPublisher } from './ledger-publisher.ts';
export { s3Ledger } from './s3-ledger.ts';
export { summarise, type AppliedChange, type LedgerSummary } from './summarise.ts';
export type { CoursePoint } from './course.ts';
export { createSkipCounter, type SkipCounter, type Skipped } from './skipped.ts';
export { countVerdicts, type VerdictCount } from './count-verdicts.ts';
export { describeStep, factsInWords, storySteps, type StoryStep } from './story-steps.ts';
export { findStories, type Story, type StoryTarget } from './story.ts';
