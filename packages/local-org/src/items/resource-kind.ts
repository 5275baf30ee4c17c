import type { ResourceDescription } from '../base/configuration-item.ts';
import type { Place } from '../base/place.ts';
import type { EmulatorClients } from '../emulator/clients.ts';

export interface ReadContext {
  readonly clients: EmulatorClients;
  readonly place: Place;
}

/** A resource type that the local AWS Config can record. */
export interface ResourceKind {
  readonly resourceType: string;
  /** Recorded with Region `global` by every recorder that includes global types: IAM. */
  readonly global: boolean;
  /** Where a key names one resource alone; everywhere, if absent, as the name of a bucket and most ids do. */
  readonly namedWithin?: 'account' | 'region';
  /** Lists the names or ids by which API calls identify the resources. */
  readonly list: (reader: ReadContext) => Promise<readonly string[]>;
  /** `undefined` when the resource does not exist (any more). */
  readonly describe: (reader: ReadContext, key: string) => Promise<ResourceDescription | undefined>;
}
