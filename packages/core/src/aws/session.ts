import type { AccountId } from '../base/account-id.ts';

/** Any client class of the AWS SDK. `never`: core builds it, so only the SDK knows what it wants. */
export type ClientClass<Client> = new (config: never) => Client;

/**
 * Access to one account and Region with the credentials of one purpose.
 * Rules reach AWS through it alone, so that what they call can be counted, granted and stopped.
 */
export interface Session {
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
  /** The one client of this class for this account and Region. */
  client<Client>(Class: ClientClass<Client>): Client;
  /** The same account in another Region. */
  at(region: string): Session;
  /**
   * One load for all who ask for `key` in this account within a minute, in whichever Region:
   * rules of one sweep share a credential report or a trail listing. A failed load is forgotten at once.
   * Only for listing: what decides over a fix is read live.
   */
  once<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** The same session, in which `once` shares no load that began before this time: a sweep sees what preceded it. */
  asOf(time: Date): Session;
}
