/** Turns an API response into the form of a configuration item: names in camel case, dates as text. */
export const camelCase = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== 'object' || value === null) return value;
  return camelCaseMembers(value);
};

/** The same for an object, whose members are thus known to have names. */
export const camelCaseMembers = (value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      camelCase(member),
    ]),
  );

export const tagMap = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key: key, Value: value }) => [key ?? '', value ?? '']));

/** EC2's items have the tags twice: as a map on the item and as a list in the configuration. */
export const tagList = (tags: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));
