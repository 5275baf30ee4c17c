import { UsageError } from '../output/exit-codes.ts';
import { readText } from './read-text.ts';

/** What a JSON file holds. @throws {UsageError} when it is no JSON */
export const readJson = async (path: string): Promise<unknown> => {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};
