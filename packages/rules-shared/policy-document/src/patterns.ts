import type { Patterns } from './parse-policy.ts';

/** Whether a pattern of a policy matches a name: `*` any run of characters, `?` any one. Case does not matter. */
export const isPatternMatch = (pattern: string, name: string): boolean => {
  const expression = pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'is').test(name);
};

/** Whether patterns include a name: `s3:*` includes `s3:GetObject`, and `NotAction` of `iam:*` too. */
export const includes = ({ except, patterns }: Patterns, name: string): boolean =>
  patterns.some((pattern) => isPatternMatch(pattern, name)) !== except;

/** Whether patterns include every name, as `*` and `*:*` do. Only of a list; see `includes` for what is left out of one. */
export const includesAll = ({ except, patterns }: Patterns): boolean =>
  !except && patterns.some((pattern) => /^[*:]*\*$/.test(pattern));
