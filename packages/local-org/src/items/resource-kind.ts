import type { EmulatorClients } from '../emulator/clients.ts';
import type { Place } from '../base/place.ts';
import type { ResourceDescription } from '../base/configuration-item.ts';

export interface ReadContext {
  readonly clients: EmulatorClients;
  readonly place: Place;
}

/** A resource type that the local AWS Config can record. A key is what API calls name the resource by. */
export interface ResourceKind {
  readonly resourceType: string;
  /** IAM: recorded with Region `global`, wherever the recorder includes global types. */
  readonly global: boolean;
  readonly list: (reader: ReadContext) => Promise<readonly string[]>;
  /** `undefined`: it does not exist (any more). */
  readonly describe: (reader: ReadContext, key: string) => Promise<ResourceDescription | undefined>;
}
