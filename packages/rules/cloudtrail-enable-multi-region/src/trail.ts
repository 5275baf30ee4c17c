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
  logging: z.boolean(),
  /** The error of the last delivery to the bucket, if any. */
  deliveryError: z.string().optional(),
  /** `null`: unknown, because a member may not read the selectors of the organization's trail. */
  managementEvents: ManagementEvents.nullable(),
});
export type Trail = z.infer<typeof Trail>;

export interface Shortcoming {
  /** Continues a sentence that begins with the trail's name. */
  readonly text: string;
  /** The call that corrects it, or `person`. */
  readonly remedy: 'UpdateTrail' | 'StartLogging' | 'person';
}

/** Lists why a trail does not record all management events of all Regions. */
export const shortcomingsOf = (trail: Trail, parameters: Parameters): readonly Shortcoming[] => {
  const { homeRegion, deliveryError, managementEvents } = trail;
  const missing = managementEvents ? missingEvents(managementEvents, parameters) : [];
  return [
    ...only(!trail.multiRegion, { text: `covers ${homeRegion} only`, remedy: 'UpdateTrail' }),
    ...only(!trail.globalServiceEvents, { text: 'leaves out global services', remedy: 'UpdateTrail' }),
    ...only(!trail.logging, { text: 'is stopped', remedy: 'StartLogging' }),
    ...only(deliveryError !== undefined, { text: `cannot deliver: ${deliveryError}`, remedy: 'person' }),
    ...only(missing.length > 0, { text: `leaves out ${missing.join(', ')}`, remedy: 'person' }),
  ];
};

const only = (applies: boolean, shortcoming: Shortcoming): Shortcoming[] => (applies ? [shortcoming] : []);

const missingEvents = (
  { reads, writes, excludedSources }: ManagementEvents,
  { excludeManagementEventSources: tolerated }: Parameters,
): string[] => [
  ...(reads ? [] : ['reads']),
  ...(writes ? [] : ['writes']),
  ...excludedSources.filter((source) => !tolerated.includes(source)),
];
