import type { Finding, Unreadable } from './finding.ts';

/**
 * Formats findings as a JSON array with one finding per line, for diff and grep. What could not be evaluated is
 * `INSUFFICIENT_DATA`, as in AWS Config: without it, a rule would seem to have judged everything.
 */
export const findingsJson = (
  findings: readonly Finding[],
  unreadable: readonly Unreadable[] = [],
): string => {
  const rows = [...findings, ...unreadable.map(insufficientData)];
  return rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
};

/** What could not be evaluated, as a row beside the findings. */
export const insufficientData = ({ message, ...place }: Unreadable) => ({
  ...place,
  complianceType: 'INSUFFICIENT_DATA' as const,
  annotation: message,
});

/** Formats findings as one JSON value in each line. A file of such lines is whole at the end of every line. */
export const findingsNdjson = (
  findings: readonly Finding[],
  unreadable: readonly Unreadable[] = [],
): string =>
  [...findings, ...unreadable.map(insufficientData)].map((row) => `${JSON.stringify(row)}\n`).join('');
