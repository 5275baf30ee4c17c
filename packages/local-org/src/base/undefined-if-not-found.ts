/** The answer, or `undefined` when AWS says by one of these error names that there is none. */
export const undefinedIfNotFound = async <T>(
  answer: Promise<T>,
  ...errorNames: readonly string[]
): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && errorNames.includes(error.name)) return undefined;
    throw error;
  }
};
