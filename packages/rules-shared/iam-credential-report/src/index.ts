export { Key, KeyHandles, readActiveKeys, type UserKey } from './access-keys.ts';
export { readMfa, readPassword } from './console-access.ts';
export { rootRow, userRows } from './credential-report.ts';
export {
  ACTIVATE_KEYS,
  DEACTIVATED_IN_CODE,
  deactivateKey,
  deactivateKeys,
  listKeys,
} from './deactivate-keys.ts';
export { KEY_PERMISSIONS, observeKeys } from './observe-keys.ts';
export { REPORT_PERMISSIONS, observeReport } from './observe-report.ts';
export { USER_PERMISSIONS, observeUsers } from './observe-users.ts';
export { activeKeysOf, type ReportRow } from './report-row.ts';
export { dayOf, daysBetween, daysSinceUse, daysUnused, describeUse, useSince, type Use } from './time.ts';
export { USE_READS, isUserInUse } from './user-use.ts';
export { USER, findUser, identityOf, readUser, resourceOf } from './user.ts';
