import type { EmulatorClients } from '../emulator/clients.ts';
import type { Place } from '../base/place.ts';
import type { Described } from '../base/configuration-item.ts';

export interface Reader {
  readonly clients: EmulatorClients;
  readonly place: Place;
}

/** A resource type that the local AWS Config can record. A key is what API calls name the resource by. */
export interface ResourceKind {
  readonly resourceType: string;
  /** IAM: recorded with Region `global`, wherever the recorder includes global types. */
  readonly global: boolean;
  readonly keys: (reader: Reader) => Promise<readonly string[]>;
  /** `undefined`: it does not exist (any more). */
  readonly describe: (reader: Reader, key: string) => Promise<Described | undefined>;
}
