import type { Rule, Settings } from '@compliance/core';

/** What a deployment is compared with. */
export interface DesiredState {
  /** All rules of the product; the settings enable them. */
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  /** Identities of the master account, besides the functions, that may read in the members. */
  readonly readerPrincipalArns?: readonly string[];
}
