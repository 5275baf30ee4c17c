import * as z from 'zod';

import { ManagementEvents } from './management-events.ts';
import type { Parameters } from './parameters.ts';

/** What decides a verdict about a trail. Name and home Region identify it within the account. */
export const Trail = z.object({
  name: z.string(),
  homeRegion: z.string(),
  /** Records every account of the organization; members see it but cannot change it. */
  organization: z.boolean(),
  multiRegion: z.boolean(),
  /** Events of IAM, STS and CloudFront, which belong to no Region. */
  globalServiceEvents: z.boolean(),
  /** `null`: it could not be read. */
  logging: z.boolean().nullable(),
  /** The error of the last delivery to the bucket, if any. */
  deliveryError: z.string().optional(),
  /** `null`: they could not be read; members may not read the selectors of the organization's trail. */
  managementEvents: ManagementEvents.nullable(),
  /** The code of the error with which CloudTrail refused to read any of these. */
  unreadable: z.string().exactOptional(),
});
export type Trail = z.infer<typeof Trail>;

export interface Shortcoming {
  /** Continues a sentence that begins with the trail's name. */
  readonly text: string;
  /** The call that corrects it, or `person`; `check`: it may be none, but this account cannot tell. */
  readonly remedy: 'UpdateTrail' | 'StartLogging' | 'person' | 'check';
}

/** Lists why a trail is not proven to record all management events of all Regions. */
export const shortcomingsOf = (trail: Trail, parameters: Parameters): readonly Shortcoming[] => {
  const { homeRegion, deliveryError = '', managementEvents, unreadable } = trail;
  const missing = managementEvents ? missingEvents(managementEvents, parameters) : [];
  const reason = unreadable === undefined ? '' : ` (${unreadable})`;
  return [
    ...only(!trail.multiRegion, { text: `covers ${homeRegion} only`, remedy: 'UpdateTrail' }),
    ...only(!trail.globalServiceEvents, { text: 'leaves out global services', remedy: 'UpdateTrail' }),
    ...only(trail.logging === false, { text: 'is stopped', remedy: 'StartLogging' }),
    ...only(deliveryError !== '', { text: `cannot deliver: ${deliveryError}`, remedy: 'person' }),
    ...only(missing.length > 0, { text: `leaves out ${firstOf(missing)}`, remedy: 'person' }),
    ...only(trail.logging === null, { text: `cannot be read${reason}`, remedy: 'check' }),
    ...only(trail.logging !== null && managementEvents === null, {
      text: `has event selectors that cannot be read${reason}`,
      remedy: 'check',
    }),
  ];
};

/** Whether a trail may be as required, but this account cannot tell. */
export const isUnproven = (shortcomings: readonly Shortcoming[]): boolean =>
  shortcomings.length > 0 && shortcomings.every(({ remedy }) => remedy === 'check');

const only = (applies: boolean, shortcoming: Shortcoming): Shortcoming[] => (applies ? [shortcoming] : []);

const missingEvents = (
  { reads, writes, excludedSources, otherExclusions = [] }: ManagementEvents,
  { excludeManagementEventSources: tolerated }: Parameters,
): string[] => [
  ...(reads ? [] : ['reads']),
  ...(writes ? [] : ['writes']),
  ...excludedSources.filter((source) => !tolerated.includes(source)),
  ...otherExclusions,
];

const SHOWN = 3;

const firstOf = (items: readonly string[]): string => {
  const shown = items.slice(0, SHOWN).join(', ');
  return items.length > SHOWN ? `${shown} and ${items.length - SHOWN} more` : shown;
};
