import {
  canonical,
  hasCode,
  observeAccount,
  type Reads,
  type Rule,
  type Session,
} from '@compliance/core/rule';

import { loadTrails, type LoadedTrail } from './load-trails.ts';
import { EVERYTHING, managementEventsOf, type ManagementEvents } from './management-events.ts';
import type { Recording, Trail } from './trail.ts';

/** Creates the `observe` of a rule on the trails that record the account. The rules of a sweep share what they read. */
export const observeAccountTrails = <Facts>(
  factsOf: (trails: readonly LoadedTrail[]) => Promise<Facts>,
): Pick<Rule<Facts>['observe'], 'get' | 'list'> => {
  const observation = async (session: Session, reads: Reads) => ({
    facts: await factsOf(await loadTrails(session, reads)),
  });
  return observeAccount(
    (session) => observation(session, 'live'),
    (session) => observation(session, 'shared'),
  );
};

/** Observes each trail, in canonical order. Those deleted since the listing are left out. */
export const observeEach = async <Facts>(
  trails: readonly LoadedTrail[],
  observe: (trail: LoadedTrail) => Promise<Facts>,
): Promise<Facts[]> => {
  const observed = await Promise.all(trails.map((trail) => unlessDeleted(observe(trail))));
  return observed
    .filter((facts) => facts !== undefined)
    .toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
};

const unlessDeleted = async <Facts>(facts: Promise<Facts>): Promise<Facts | undefined> => {
  try {
    return await facts;
  } catch (error) {
    if (hasCode(error, 'TrailNotFoundException')) return undefined;
    throw error;
  }
};

/**
 * Observes whether a trail records anything.
 * @throws TrailNotFoundException, if it was deleted since the listing
 */
export const observeRecording = async (trail: LoadedTrail): Promise<Recording> => {
  const described = {
    name: trail.Name,
    homeRegion: trail.HomeRegion,
    organization: trail.IsOrganizationTrail === true || !trail.own,
    multiRegion: trail.IsMultiRegionTrail === true,
  };
  const status = trail.unreadable === undefined ? await trail.status() : { unreadable: trail.unreadable };
  if ('unreadable' in status) return { ...described, logging: null, ...status };
  const { IsLogging, LatestDeliveryError } = status;
  return {
    ...described,
    logging: IsLogging === true,
    ...(LatestDeliveryError && { deliveryError: LatestDeliveryError }),
  };
};

/** Observes what a trail records of management events; throws as `observeRecording` does. */
export const observeTrail = async (trail: LoadedTrail): Promise<Trail> => {
  const recording = await observeRecording(trail);
  return {
    ...recording,
    // That a trail leaves out global services is not known, and so not claimed, where it could not be described.
    globalServiceEvents: trail.IncludeGlobalServiceEvents === true || trail.unreadable !== undefined,
    ...(recording.logging === null ? { managementEvents: null } : await observeManagementEvents(trail)),
  };
};

const observeManagementEvents = async (
  trail: LoadedTrail,
): Promise<{ managementEvents: ManagementEvents | null; unreadable?: string }> => {
  // A member may be refused the selectors, but the default one records everything.
  if (!trail.own && trail.HasCustomEventSelectors === false) return { managementEvents: EVERYTHING };
  const selectors = await trail.selectors();
  return 'unreadable' in selectors
    ? { managementEvents: null, ...selectors }
    : { managementEvents: managementEventsOf(selectors) };
};
