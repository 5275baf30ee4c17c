export { loadNewestSnapshot, type BrokenSnapshot } from './daily/stored-snapshot.ts';
export { StateError } from './base/state-error.ts';
export { buildState, type BuildOptions } from './build/build-state.ts';
export {
  eventsSince,
  type EventSource,
  type EventsSince,
  type LedgerPlaces,
  type SinceOptions,
} from './build/events-since.ts';
export type { Organization, OrganizationAccount } from './dashboard/organization.ts';
export { writeDashboard, type DashboardOptions } from './dashboard/write-dashboard.ts';
export { verdictsIn, writeVerdicts } from './dashboard/write-verdicts.ts';
export { SNAPSHOT_FILE, STATE_FOLDER, readManifest, type Manifest } from './snapshot/manifest.ts';
