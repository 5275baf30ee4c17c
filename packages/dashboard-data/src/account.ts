import * as z from 'zod/mini';

import { Texts } from './columns.ts';
import { Findings } from './findings.ts';
import { header } from './header.ts';
import { CountColumns } from './states.ts';
import { Story } from './story.ts';

/** `account/<index>.json`: what is not compliant in an account, and what happened to its resources lately. */
export const Account = z.object({
  ...header('account'),
  /** The id of the account. */
  account: z.string(),
  /** The dictionary of this file. */
  texts: Texts,
  /** Row: a rule of the overview. */
  counts: CountColumns,
  findings: Findings,
  /** Of the last 90 days, also of resources that are compliant now. The most recent first, at most 500. */
  stories: z.array(Story),
});
export type Account = z.infer<typeof Account>;
