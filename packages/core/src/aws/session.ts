import type { AccountId } from '../base/account-id.ts';
import type { Clock } from '../base/clock.ts';

/** Any client class of the AWS SDK. `never`: only the SDK knows its configuration. */
export type ClientClass<Client> = new (config: never) => Client;

/**
 * Access to one account and Region with the credentials of one purpose.
 * Rules reach AWS only through it, so that their calls can be counted, granted and stopped.
 */
export interface Session {
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
  /** For what waits for AWS, or asks since when. */
  readonly clock: Clock;
  /** The one client of this class for this account and Region. */
  client<Client>(Class: ClientClass<Client>): Client;
  /** The same account in another Region. */
  at(region: string): Session;
  /**
   * Loads once per `key`, account, Region and minute.
   * Rules of one sweep share a listing. A failed load is not cached. Only for listing: what decides about a fix is read
   * live.
   */
  once<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** The same for what is global, such as a credential report: once per `key`, account and minute, in any Region. */
  onceInAccount<T>(key: string, load: () => Promise<T>): Promise<T>;
  /**
   * The same session without shared loads from before this time, and without shared reads. A sweep thus sees all earlier
   * changes, and what waits for a change sees it.
   */
  asOf(time: Date): Session;
}
