import { defined, permanent, type parseConfigurationItem } from '@compliance/core/scan';
import * as z from 'zod';

/** AWS Config's record of a resource, as rules read it. */
export type Item = ReturnType<typeof parseConfigurationItem>;

/** A resource as a query of AWS Config lists it. */
export const Row = z.object({
  accountId: z.string().optional(),
  awsRegion: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  resourceName: z.string().nullish(),
  arn: z.string().nullish(),
  // Unproven: the form of tags in a row; the schema of AWS Config names their key and value.
  tags: z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish(),
  configurationItemCaptureTime: z.string(),
});
export type Row = z.infer<typeof Row>;

const FIELDS = Object.keys(Row.shape);

/** @see https://docs.aws.amazon.com/config/latest/developerguide/query-components.html */
export const queryOf = (types: readonly string[], accountId?: string): string =>
  [
    `SELECT ${FIELDS.join(', ')} WHERE resourceType IN (${types.map((type) => `'${type}'`).join(', ')})`,
    ...(accountId === undefined ? [] : [`accountId = '${accountId}'`]),
  ].join(' AND ');

/** Where AWS Config's records of one account come from: the account itself, or an aggregator of its organization. */
export interface RecordedAccount {
  /** The Regions that one query answers: each alone, or all together. */
  readonly together: (regions: readonly string[]) => readonly (readonly string[])[];
  /** The resources of these types in these Regions, by page. Global ones are in the Region `global`. */
  readonly rows: (types: readonly string[], regions: readonly string[]) => AsyncIterable<readonly Row[]>;
  /** The items of at most 100 resources. What was not processed is left out. */
  readonly items: (rows: readonly Row[]) => Promise<readonly unknown[]>;
  /** What is recorded in these Regions. */
  readonly recorders: (regions: readonly string[]) => Promise<ReadonlyMap<string, Recorder>>;
}

/** What AWS Config records in a Region. `unknown`: only what it has shows what it records. */
export type Recorder =
  | { readonly state: 'recording'; readonly group: RecordingGroup }
  | { readonly state: 'off'; readonly reason: string }
  | { readonly state: 'unknown' };

/** The part of a recording group that decides what is recorded; both the API's and the item's names. */
export const RecordingGroup = z.object({
  allSupported: z.boolean().nullish(),
  includeGlobalResourceTypes: z.boolean().nullish(),
  resourceTypes: z.array(z.string()).nullish(),
  exclusionByResourceTypes: z.object({ resourceTypes: z.array(z.string()).nullish() }).nullish(),
});
export type RecordingGroup = z.infer<typeof RecordingGroup>;

/** The types that are recorded only where a recorder includes global ones. */
export const isGlobalType = (type: string): boolean => type.startsWith('AWS::IAM::');

/** @see https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html */
export const includesType = (group: RecordingGroup, type: string): boolean => {
  if (group.allSupported === true) return !isGlobalType(type) || group.includeGlobalResourceTypes === true;
  const excluded = group.exclusionByResourceTypes?.resourceTypes ?? [];
  return excluded.length > 0 ? !excluded.includes(type) : (group.resourceTypes ?? []).includes(type);
};

/** AWS answers what it could not process beside what it could: asked again, that tends to work. */
const ATTEMPTS = 3;

/** Reads in one call all that AWS processes, and asks again for the rest. @throws {ComplianceError} when some remain */
export const readAll = async <Key>(
  keys: readonly Key[],
  read: (
    keys: Key[],
  ) => Promise<{ readonly items: readonly unknown[]; readonly unprocessed: readonly Key[] }>,
): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  let left: readonly Key[] = keys;
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) {
    const { items, unprocessed } = await read([...left]);
    found.push(...items);
    left = unprocessed;
  }
  if (left.length === 0) return found;
  throw permanent(
    'incomplete-answer',
    `AWS Config did not process ${left.length} of ${keys.length} resources ${ATTEMPTS} times, such as ${JSON.stringify(left[0])}.`,
  );
};

/** The item with the tags of its row: items that are read in batches have none. */
export const withRowTags = (item: Item, row: Row): Item => ({
  ...item,
  ...defined({
    resourceName: row.resourceName ?? undefined,
    arn: row.arn ?? undefined,
    tags:
      row.tags === undefined || row.tags === null
        ? undefined
        : Object.fromEntries(row.tags.map(({ key, value }) => [key, value ?? ''])),
  }),
});
