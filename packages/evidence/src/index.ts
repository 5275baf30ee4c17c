export {
  type Hour,
  type Period,
  HourText,
  PeriodText,
  dayOf,
  hourOf,
  hoursLater,
  isHour,
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
export { TooLongError, type ObjectStore } from './store/object-store.ts';
export { keep, type KeeperRun } from './seal/keep.ts';
export { tableCheckpoints, type Checkpoints } from './seal/checkpoints.ts';
export { BrokenSealError } from './read/broken-seal-error.ts';
export { ChainLink } from './read/chain.ts';
export { openSealedHours, sealedPeriods, type MissingHours, type SealedHours } from './read/sealed-hours.ts';
export { isProven, proveEvent, type EventProof } from './read/prove.ts';
export { verify, type Verification, type VerifyOptions } from './read/verify.ts';
export { verifyAgain, type VerifiedAgain } from './read/verify-again.ts';
export { kmsSigner } from './format/kms-signer.ts';
export { lockedUntil } from './format/retention.ts';
export { s3Store, type ObjectLock } from './store/s3-store.ts';
export { MAX_HEAD_BYTES } from './format/head.ts';
export { headKey, manifestKey, signatureKey } from './format/keys.ts';
export type { Keeper } from './seal/keeper.ts';
export type { SealedPeriod } from './seal/seal-period.ts';
export { readHead, type StoredHead } from './read/list-heads.ts';
export { sha256 } from './format/sha256.ts';
export { checkManifest, type Problem } from './read/check-period.ts';
