/** An error breaks the product or opens access; a warning costs money or time. */
export type Severity = 'error' | 'warning';

/** A problem that a check reports. The severity is `error` unless given. */
export interface Problem {
  /** `undetermined`: there may be a problem, but the available data cannot show it. */
  readonly severity?: Severity | 'undetermined';
  /** The affected role, function, rule …, and where it is. */
  readonly subject: string;
  readonly problem: string;
  readonly remedy: string;
}

/** A problem that the available data can neither show nor rule out. */
export const undetermined = (subject: string, reason: string): Problem => ({
  severity: 'undetermined',
  subject,
  problem: reason,
  remedy: 'Check it again after apply.',
});
