import type { CheckId } from './verify-wiring.ts';

/** An error breaks the product or opens a door; a warning costs money or time. */
export type Severity = 'error' | 'warning';

/** One broken link. */
export interface Finding extends Problem {
  readonly check: CheckId;
  readonly severity: Severity;
}

/** What a check says; an error unless it says otherwise. */
export interface Problem {
  readonly severity?: Severity;
  /** On what: a role, a function, a rule, and where it is. */
  readonly subject: string;
  readonly problem: string;
  readonly remedy: string;
}
