export { Account } from './account.ts';
export { NONE } from './columns.ts';
export { Findings } from './findings.ts';
export { DASHBOARD_SCHEMA } from './header.ts';
export { accountKey, OVERVIEW_KEY, unitKey } from './keys.ts';
export { Overview } from './overview.ts';
export { isDataKey, PAGE_HEADERS } from './page.ts';
export {
  brokenFile,
  DashboardDataError,
  missingFile,
  parseAccount,
  parseOverview,
  parseUnit,
} from './parse.ts';
export { OUTCOMES, Remediation, TimeToRemediate, type Outcome } from './remediation.ts';
export { SEVERITIES, type FrameworkRow, type RequirementRow, type RuleRow } from './rules.ts';
export {
  addCounts,
  countsAt,
  NO_COUNTS,
  score,
  STATES,
  type CountColumns,
  type Counts,
  type State,
} from './states.ts';
export { STEPS, type Step, type Story, type StoryStep } from './story.ts';
export { restore, transpose, type Json, type Transposed } from './transpose.ts';
export { Unit } from './unit.ts';
export { VERDICT_COLUMNS, VERDICT_GROUP_ROWS, VERDICTS_KEY, type VerdictColumn } from './verdicts.ts';
