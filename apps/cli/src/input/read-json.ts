import { usageErrorFrom } from '../output/exit-codes.ts';
import { readText } from './read-text.ts';

/** Reads a JSON file. @throws {UsageError} when it cannot be read or is not JSON */
export const readJson = async (path: string): Promise<unknown> => {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw usageErrorFrom(`Invalid JSON in ${path}`, error);
  }
};
