import { createHash } from 'node:crypto';

/** Lower-case letters and digits derived from `parts`: the same organization gets the same ids in every run. */
export const stableId = (length: number, ...parts: readonly (string | number)[]): string => {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return BigInt(`0x${hex}`).toString(36).slice(0, length);
};
