import type * as z from 'zod/mini';

import { columns, Integers, Texts } from './columns.ts';

/** What is not compliant, by column: one row per resource and rule. Indexes into `texts` are those of the same file. */
const findingColumns = {
  /** Indexes of rules. */
  rule: Integers,
  /** AWS Config's id of the resource. */
  resource: Texts,
  /** Indexes into `texts` or `NONE`: its name, where that is not the id. */
  name: Integers,
  /** Indexes into `texts`: `AWS::S3::Bucket`. */
  type: Integers,
  /** Indexes into `texts`. */
  region: Integers,
  /** Indexes into `STATES`; never `compliant`. */
  state: Integers,
  /** Seconds since 1970: when it entered this state. */
  since: Integers,
  /** Indexes into `texts` or `NONE`: what was found, or why it could not be judged. */
  annotation: Integers,
  /** Indexes into `texts` or `NONE`. */
  owner: Integers,
  /** Indexes into `texts` or `NONE`: the id of the exemption that covers it. */
  exemption: Integers,
};

export const Findings = columns(findingColumns);
export type Findings = z.infer<typeof Findings>;

/** Findings of several accounts. */
export const OldestOpen = columns({ ...findingColumns, account: Integers });
