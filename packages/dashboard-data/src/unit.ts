import * as z from 'zod/mini';

import { Integers } from './columns.ts';
import { header } from './header.ts';
import { CountColumns } from './states.ts';

/** `unit/<index>.json`: the accounts of a unit by rule. */
export const Unit = z.object({
  ...header('unit'),
  /** The path, as in the overview. */
  unit: z.string(),
  /** Indexes of accounts in the overview. */
  accounts: Integers,
  /** Row = position in `accounts` × number of rules + rule. */
  matrix: CountColumns,
});
export type Unit = z.infer<typeof Unit>;
