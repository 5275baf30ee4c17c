import type { Signer } from '../format/signer.ts';
import type { Hour } from '../format/period.ts';
import type { ManifestReader } from '../read/read-manifests.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Checkpoints } from './checkpoints.ts';

/** What the keeper works with. */
export interface Keeper {
  /** Where a ledger appends. The keeper only reads it. */
  readonly intake: ObjectStore;
  readonly sealed: ObjectStore;
  readonly signer: Signer;
  /** The key before, while it is replaced: both sign the first head of the new one. */
  readonly formerSigner?: Signer | undefined;
  /** Where releases before wrote: `ledger/`; empty in a folder. */
  readonly formerPrefix: string;
  /** The version of this code. */
  readonly code: string;
  readonly checkpoints: Checkpoints;
  /** Whether there is time for another part. */
  readonly mayGoOn: () => boolean;
}

/** A keeper that knows where the sealed hours begin. */
export interface BegunKeeper extends Keeper {
  readonly firstHour: Hour;
  /** The day of the oldest thing that is sealed. */
  readonly firstDay: string;
  /** The days that are imported, in their order. */
  readonly importedDays: readonly string[];
  readonly manifestOf: ManifestReader;
}
