export { collectChanges, type RecordedChange } from './changes.ts';
export { folderLedger } from './folder-ledger.ts';
export type { Ledger } from './ledger.ts';
export { ledgerPublisher } from './ledger-publisher.ts';
export { s3Ledger } from './s3-ledger.ts';
export { summarise, type AppliedChange, type LedgerSummary } from './summarise.ts';
export type { CoursePoint } from './course.ts';
export { createSkipCounter, type SkipCounter, type Skipped } from './skipped.ts';
export { countVerdicts, type VerdictCount } from './count-verdicts.ts';
