import type { Rule, Settings } from '@compliance/core';

/** What a deployment is held against. */
export interface Intent {
  /** All that the product has; the settings say which are on. */
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  /** Identities of the master account, besides the functions, that may read in the members. */
  readonly readerPrincipalArns?: readonly string[];
}
