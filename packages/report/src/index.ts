export { byUrgency, isExcluded, isExempt, isViolation, type Finding, type Unreadable } from './finding.ts';
export { findingsCsv } from './findings-csv.ts';
export { findingsJson, findingsNdjson } from './findings-json.ts';
export { findingsTable } from './findings-table.ts';
export { reportPage } from './page/report-page.ts';
export { reportOfLedger, reportOfScan } from './report.ts';
