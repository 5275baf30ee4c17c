import { canonical } from '@compliance/core';
import * as z from 'zod';

import { gunzipOne, gzip } from './gzip.ts';
import { jsonIn } from './json.ts';
import { MAX_KEY_LIST_BYTES } from './limits.ts';
import { KeyList, Manifest } from './manifest.ts';

/** What of the intake a period takes. It is written before anything else, so that every try seals the same. */
export const IntakeList = Manifest.pick({
  format: true,
  period: true,
  imported: true,
  firstHour: true,
  code: true,
  foreign: true,
}).extend({
  lists: z.array(KeyList),
});
export type IntakeList = Readonly<z.infer<typeof IntakeList>>;

export const intakeListBytes = (list: IntakeList): Buffer => Buffer.from(`${canonical(list)}\n`);

/** @throws {Error} when it is no list of intake objects, or not in the form in which the keeper writes them */
export const parseIntakeList = (bytes: Buffer): IntakeList => {
  const list = IntakeList.parse(jsonIn(bytes));
  if (intakeListBytes(list).equals(bytes)) return list;
  throw new Error('It is not in the form in which the keeper writes it.');
};

/** The list that a manifest was made from. */
export const intakeListOf = ({
  format,
  period,
  imported,
  firstHour,
  code,
  foreign,
  taken,
}: Manifest): IntakeList => ({
  format,
  period,
  ...(imported && { imported }),
  ...(firstHour !== undefined && { firstHour }),
  code,
  foreign,
  lists: taken,
});

/** The keys, one a line. */
export const keyListText = (keys: readonly string[]): string => keys.map((key) => `${key}\n`).join('');

export const keyListFile = (text: string): Buffer => gzip(Buffer.from(text));

/** @throws {Error} when the file is damaged */
export const keyListTextIn = (file: Buffer, limit = MAX_KEY_LIST_BYTES): string =>
  gunzipOne(file, limit).toString('utf8');

export const keysIn = (text: string): readonly string[] => text.split('\n').filter((key) => key !== '');
