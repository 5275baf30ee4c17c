/** Keys of the files below the folder or the prefix of a bucket. JSON is stored plain; who serves it compresses it. */
export const OVERVIEW_KEY = 'overview.json';
export const unitKey = (index: number): string => `unit/${index}.json`;
export const accountKey = (index: number): string => `account/${index}.json`;
