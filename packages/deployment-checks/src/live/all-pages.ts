/** Reads all pages of an operation without a paginator in the SDK. */
export const allPages = async <T>(
  readPage: (
    token: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly next?: string | undefined }>,
): Promise<readonly T[]> => {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(token);
    items.push(...page.items);
    token = page.next;
  } while (token !== undefined);
  return items;
};
