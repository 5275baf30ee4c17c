/** An error breaks the product or opens a door; a warning costs money or time. */
export type Severity = 'error' | 'warning';

/** What a check says; an error unless it says otherwise. `unknown`: it might be broken, and nobody can tell from here. */
export interface Problem {
  readonly severity?: Severity | 'unknown';
  /** On what: a role, a function, a rule, and where it is. */
  readonly subject: string;
  readonly problem: string;
  readonly remedy: string;
}

/** That nobody can tell from here, and why. */
export const unknown = (subject: string, why: string): Problem => ({
  severity: 'unknown',
  subject,
  problem: why,
  remedy: 'Look again once it is applied.',
});
