import * as z from 'zod/mini';

// The page's policy forbids code from text; without this, the schema library tries it once and is reported.
z.config({ jitless: true });

/** Whole numbers. Thousands of them are checked in one pass, where a schema for each would be slow in a page. */
export const Integers = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((each) => Number.isSafeInteger(each)),
  'must be a list of whole numbers',
);

/** Texts, in a column or as the dictionary of a file: a column of indexes points into it. */
export const Texts = z.custom<readonly string[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'must be a list of texts',
);

/** Lists of whole numbers: several values in one row. */
export const IntegerLists = z.custom<readonly (readonly number[])[]>(
  (value) => Array.isArray(value) && value.every((each) => Integers.safeParse(each).success),
  'must be a list of lists of whole numbers',
);

/** In a column of indexes: there is none. */
export const NONE = -1;

/** A table by columns. All of them have one entry for each row. */
export const columns = <Shape extends Readonly<Record<string, z.ZodMiniType<readonly unknown[]>>>>(
  shape: Shape,
) =>
  z
    .object(shape)
    .check(z.refine((table) => new Set(lengths(table)).size <= 1, 'has columns of different lengths'));

const lengths = (table: object): readonly number[] =>
  Object.values(table).flatMap((column: unknown) => (Array.isArray(column) ? [column.length] : []));

/** An instant in whole seconds since 1970, UTC. */
export const Seconds = z.int();
