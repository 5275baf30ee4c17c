/** Resolves to `undefined` if the call fails with one of these error names. */
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
