import * as z from 'zod';

import { jsonIn } from './json.ts';
import { DayText, HourText } from './period.ts';

export const BEGIN_KEY = 'begin.json';
/** The days of many years. */
export const MAX_BEGIN_BYTES = 2 ** 20;

/** Where the chain of hours begins, which the first run of the keeper decides. It is not signed. */
const Begin = z.object({
  firstHour: HourText,
  /** The oldest day of what is imported before; without any, that of the first hour. */
  firstDay: DayText,
  /** The days that are imported, in their order. Where a release before began, it does not say which. */
  importedDays: z.array(DayText).optional(),
});

/** @throws {Error} when it is none */
export const parseBegin = (bytes: Buffer): z.infer<typeof Begin> => Begin.parse(jsonIn(bytes));
