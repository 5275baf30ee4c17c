import * as z from 'zod';

import { jsonIn } from './json.ts';
import { HourText } from './period.ts';

export const BEGIN_KEY = 'begin.json';
export const MAX_BEGIN_BYTES = 1024;

/** Where the chain of hours begins, which the first run of the keeper decides. It is not signed. */
const Begin = z.object({
  firstHour: HourText,
  /** The oldest day of what is imported before. */
  firstDay: z.string(),
});

/** @throws {Error} when it is none */
export const parseBegin = (bytes: Buffer): z.infer<typeof Begin> => Begin.parse(jsonIn(bytes));
