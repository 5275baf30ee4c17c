import * as z from 'zod/mini';

import { Seconds } from './columns.ts';

/** The schema of all files. A release reads the data of its own schema alone: the data can be derived again. */
export const DASHBOARD_SCHEMA = 1;

/** What every file begins with. */
export const header = <Kind extends string>(kind: Kind) => ({
  schemaVersion: z.literal(DASHBOARD_SCHEMA),
  kind: z.literal(kind),
  /** The time up to which events are counted. Files of one snapshot have the same. */
  asOf: Seconds,
});
