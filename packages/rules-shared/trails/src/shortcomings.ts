import { firstOf } from '@compliance/core/rule';

import type { ManagementEvents } from './management-events.ts';
import type { Recording, Trail } from './trail.ts';

export interface Shortcoming {
  /** Continues a sentence that begins with the trail's name. */
  readonly text: string;
  /** The call that corrects it, or `person`; `check`: it may be none, but this account cannot tell. */
  readonly remedy: 'UpdateTrail' | 'StartLogging' | 'PutEventSelectors' | 'person' | 'check';
}

/** What a trail may leave out. */
export interface Tolerated {
  readonly excludeManagementEventSources: readonly string[];
}

/** Lists why a trail is not proven to record all management events of all Regions. */
export const shortcomingsOf = (trail: Trail, tolerated: Tolerated): readonly Shortcoming[] => {
  const { managementEvents } = trail;
  const missing = managementEvents ? missingEvents(managementEvents, tolerated) : [];
  return [
    ...regionalShortcomings(trail),
    ...when(!trail.globalServiceEvents, { text: 'leaves out global services', remedy: 'UpdateTrail' }),
    ...activityShortcomings(trail),
    ...when(missing.length > 0, { text: `leaves out ${firstOf(missing)}`, remedy: 'person' }),
    ...unreadShortcomings(trail, { selectors: managementEvents }),
  ];
};

/** Whether a trail may be as required, but this account cannot tell. */
export const isUnproven = (shortcomings: readonly Shortcoming[]): boolean =>
  shortcomings.length > 0 && shortcomings.every(({ remedy }) => remedy === 'check');

export const regionalShortcomings = ({ multiRegion, homeRegion }: Recording): readonly Shortcoming[] =>
  when(!multiRegion, { text: `covers ${homeRegion} only`, remedy: 'UpdateTrail' });

/** Lists why a trail is known not to record or not to deliver. */
export const activityShortcomings = ({ logging, deliveryError = '' }: Recording): readonly Shortcoming[] => [
  ...when(logging === false, { text: 'is stopped', remedy: 'StartLogging' }),
  ...when(deliveryError !== '', { text: `cannot deliver: ${deliveryError}`, remedy: 'person' }),
];

/** Lists what could not be read of a trail. */
export const unreadShortcomings = (
  { logging, unreadable }: Recording,
  { selectors }: { readonly selectors: object | null },
): readonly Shortcoming[] => {
  const reason = unreadable === undefined ? '' : ` (${unreadable})`;
  return [
    ...when(logging === null, { text: `cannot be read${reason}`, remedy: 'check' }),
    ...when(logging !== null && selectors === null, {
      text: `has event selectors that cannot be read${reason}`,
      remedy: 'check',
    }),
  ];
};

const when = (applies: boolean, shortcoming: Shortcoming): Shortcoming[] => (applies ? [shortcoming] : []);

const missingEvents = (
  { reads, writes, excludedSources, otherExclusions = [] }: ManagementEvents,
  { excludeManagementEventSources: tolerated }: Tolerated,
): string[] => [
  ...(reads ? [] : ['reads']),
  ...(writes ? [] : ['writes']),
  ...excludedSources.filter((source) => !tolerated.includes(source)),
  ...otherExclusions,
];
