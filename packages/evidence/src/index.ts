export {
  type Hour,
  type Period,
  HourText,
  hourOf,
  hoursLater,
  retentionStart,
  startOf,
} from './format/period.ts';
export {
  localSigner,
  newPrivateKey,
  publicKeyOf,
  publicKeyOfDer,
  type PublicKey,
  type Signer,
} from './format/signer.ts';
export { folderStore } from './store/folder-store.ts';
export type { ObjectStore } from './store/object-store.ts';
export { keep, type KeeperRun } from './seal/keep.ts';
export { tableCheckpoints, type Checkpoints } from './seal/checkpoints.ts';
export { sealedHours, sealedPeriods } from './read/sealed-hours.ts';
export { verify, type Verification, type VerifyOptions } from './read/verify.ts';
