export { byUrgency, isExcluded, isExempt, isViolation, type Finding, type Unreadable } from './finding.ts';
export { findingsJson, findingsNdjson } from './findings-json.ts';
