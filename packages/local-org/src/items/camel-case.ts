type Rename = (name: string) => string;

/** Turns an API response into the form of a configuration item: names in camel case, dates as text. */
export const camelCase = (value: unknown): unknown => renamed(value, firstLower);

/** The same of an object. */
export const camelCaseMembers = (value: object): Record<string, unknown> => renamedMembers(value, firstLower);

/**
 * The same with all leading capitals in lower case: `dbclusterIdentifier`, `awsaccountId`.
 * AWS Config names the members of some types in this way.
 */
export const capitalsLowerMembers = (value: object): Record<string, unknown> =>
  renamedMembers(value, capitalsLower);

const firstLower: Rename = (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
const capitalsLower: Rename = (name) => name.replace(/^[A-Z]+/, (capitals) => capitals.toLowerCase());

const renamed = (value: unknown, rename: Rename): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((member) => renamed(member, rename));
  return typeof value === 'object' && value !== null ? renamedMembers(value, rename) : value;
};

const renamedMembers = (value: object, rename: Rename): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), renamed(member, rename)]));

export const tagMap = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key: key, Value: value }) => [key ?? '', value ?? '']));

/** EC2's items have the tags twice: as a map on the item and as a list in the configuration. */
export const tagList = (tags: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));
