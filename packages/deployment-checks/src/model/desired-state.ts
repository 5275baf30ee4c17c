import type { Rule, Settings } from '@compliance/core';

/** The state that a deployment is compared with. */
export interface DesiredState {
  /** All rules of the product; the settings enable them. */
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  /** Further identities of the master account that may read in members. */
  readonly readerPrincipalArns?: readonly string[];
}
