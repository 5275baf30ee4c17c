import type { Finding } from './finding.ts';

/** One JSON array, a finding a line, so that it can be compared and searched line by line. */
export const findingsJson = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? '[]\n'
    : `[\n${findings.map((finding) => JSON.stringify(finding)).join(',\n')}\n]\n`;
