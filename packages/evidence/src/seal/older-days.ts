import { CLASSES, classPrefix, isFormerKey, placeOfKey } from '@compliance/ledger';

import { dayOf, daysBefore, type Hour } from '../format/period.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Keeper } from './keeper.ts';

type Intake = Pick<Keeper, 'intake' | 'formerPrefix'>;

/** The days of which the intake has something older than the first sealed hour, in their order. */
export const olderDays = async function* (keeper: Intake, firstHour: Hour): AsyncGenerator<string> {
  for (let day = await nextDay(keeper, undefined); day !== undefined && day <= dayOf(firstHour);) {
    if (day < dayOf(firstHour) || (await hasOlder(keeper, firstHour))) yield day;
    day = await nextDay(keeper, day);
  }
};

/** The first day after `after` that the intake has something of. */
const nextDay = async (keeper: Intake, after: string | undefined): Promise<string | undefined> => {
  const days = await Promise.all([
    nextFormerDay(keeper, after),
    ...CLASSES.map((name) => nextArrivalDay(keeper.intake, classPrefix(name), after)),
  ]);
  return days.filter((day) => day !== undefined).toSorted()[0];
};

/** On the day of the first hour, something may be younger alone. */
const hasOlder = async (keeper: Intake, firstHour: Hour): Promise<boolean> => {
  for await (const _ of olderKeys(keeper, dayOf(firstHour), firstHour)) return true;
  return false;
};

/** The keys of a day that are older than the first sealed hour: of a release before, and of this one. */
export const olderKeys = async function* (
  { intake, formerPrefix }: Intake,
  day: string,
  firstHour: Hour,
): AsyncGenerator<string> {
  for await (const key of intake.list({ prefix: `${formerPrefix}${day.replaceAll('-', '/')}/` }))
    if (isFormerKey(key, formerPrefix)) yield key;
  for (const name of CLASSES)
    for await (const key of intake.list({ prefix: `${classPrefix(name)}arrived=${day}T` })) {
      const hour = placeOfKey(key)?.hour;
      // Keys sort by hour: of a busy day, the others are not listed.
      if (hour !== undefined && hour >= firstHour) break;
      if (hour !== undefined) yield key;
    }
};

// Keys sort by day, so that one listing each is enough to find the next day.
const nextFormerDay = async ({ intake, formerPrefix }: Intake, after: string | undefined) => {
  const start = after === undefined ? `${formerPrefix}2` : `${formerPrefix}${after.replaceAll('-', '/')}/~`;
  for await (const key of intake.list({ prefix: formerPrefix, after: start })) {
    if (key > `${formerPrefix}3`) return undefined;
    if (isFormerKey(key, formerPrefix))
      return key.slice(formerPrefix.length, formerPrefix.length + DAY_LENGTH).replaceAll('/', '-');
  }
  return undefined;
};

const DAY_LENGTH = '2026/11/20'.length;

const nextArrivalDay = async (intake: ObjectStore, prefix: string, after: string | undefined) => {
  const start = after === undefined ? undefined : `${prefix}arrived=${daysBefore(after, -1)}`;
  for await (const key of intake.list({ prefix, ...(start !== undefined && { after: start }) })) {
    const hour = placeOfKey(key)?.hour;
    if (hour !== undefined) return dayOf(hour);
  }
  return undefined;
};
