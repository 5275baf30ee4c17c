import type { Finding } from './finding.ts';

/** Formats findings as a JSON array with one finding per line, for diff and grep. */
export const findingsJson = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? '[]\n'
    : `[\n${findings.map((finding) => JSON.stringify(finding)).join(',\n')}\n]\n`;
