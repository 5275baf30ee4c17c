import { createHash } from 'node:crypto';

/** An id derived from `parts`: lower-case letters and digits, the same in every run. */
export const stableId = (length: number, ...parts: readonly (string | number)[]): string => {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return BigInt(`0x${hex}`).toString(36).slice(0, length);
};
