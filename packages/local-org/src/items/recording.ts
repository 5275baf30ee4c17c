import { setTimeout as delay } from 'node:timers/promises';

import type { ConfigurationItem, ResourceDescription } from '../base/configuration-item.ts';
import type { OrgEvents } from '../base/org-event.ts';
import { type Place, placeKey } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { Work } from '../base/work.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { PossibleChange } from './changes.ts';
import { type History, isDeleted } from './history.ts';
import { itemDiff } from './item-diff.ts';
import type { Recorders } from './recorder.ts';
import type { ResourceKind } from './resource-kind.ts';
import { resourceKind, supportedKinds } from './supported-kinds.ts';

export interface RecordingDependencies {
  readonly clients: EmulatorClients;
  readonly recorders: Recorders;
  readonly history: History;
  readonly regions: readonly string[];
  readonly now: () => Date;
  readonly work: Work;
  readonly events: OrgEvents;
  /** Receives every new item and its difference to the previous one. */
  readonly onItem: (
    place: Place,
    item: ConfigurationItem,
    diff: NonNullable<ReturnType<typeof itemDiff>>,
  ) => void;
}

export interface Recording {
  /** Reads a resource that may have changed, once for a burst of calls. */
  readonly schedule: (place: Place, change: PossibleChange) => void;
  /** Records all existing resources, after a recorder has started. */
  readonly discover: (place: Place) => void;
}

const BURST_MS = 15;

/**
 * Records an item when a live read differs from the last item.
 * Without a running recorder nothing is recorded.
 */
export const createRecording = (deps: RecordingDependencies): Recording => {
  const scheduled = new Set<string>();
  const lastReads = new Map<string, Promise<void>>();

  /** Runs reads of one resource in sequence: an older state must not be recorded last. */
  const inSequence = async (key: string, run: () => Promise<void>): Promise<void> => {
    const read = (lastReads.get(key) ?? Promise.resolve()).then(run);
    const ended = read.catch(() => undefined);
    lastReads.set(key, ended);
    await read.finally(() => {
      if (lastReads.get(key) === ended) lastReads.delete(key);
    });
  };

  const schedule: Recording['schedule'] = (place, change) => {
    const key = placeKey(place, change.resourceType, change.key);
    if (scheduled.has(key)) return;
    scheduled.add(key);
    deps.work.start(`recording ${change.resourceType} ${change.key} of ${place.accountId}`, async () => {
      await delay(BURST_MS);
      scheduled.delete(key);
      await inSequence(key, async () => {
        await recordResource(deps, schedule, place, change);
      });
    });
  };

  const discover: Recording['discover'] = (place) => {
    deps.work.start(`discovering the resources of ${place.accountId} in ${place.region}`, async () => {
      for (const kind of supportedKinds) {
        // One after another, because the emulator answers one call at a time anyway.
        if (!(await deps.recorders.records(place, kind))) continue;
        const keys = await kind.list({ clients: deps.clients, place });
        for (const key of keys) schedule(place, { resourceType: kind.resourceType, key });
      }
    });
  };

  return { schedule, discover };
};

const recordResource = async (
  deps: RecordingDependencies,
  schedule: Recording['schedule'],
  place: Place,
  change: PossibleChange,
): Promise<void> => {
  const kind = resourceKind(change.resourceType);
  // Several accounts may have a user or a cluster of one name.
  const known = deps.history
    .find(change.resourceType, change.key)
    .filter(({ place: recordedIn }) => mayBeSame(kind, recordedIn, place));
  // Another account may have made the call; the resource is recorded in the account of its owner.
  const owner = known.find((found) => !isDeleted(found.item))?.place ?? place;
  if (!(await isRecorded(deps, owner, kind))) return;
  // The resource may be deleted while it is described, between two calls.
  const described = await undefinedIfNotFound(
    kind.describe({ clients: deps.clients, place: owner }, change.key),
    'NoSuchBucket',
    'NoSuchEntityException',
  );
  if (described === undefined) {
    for (const { place: recordedIn, item } of known)
      if (!isDeleted(item)) recordDeletion(deps, schedule, recordedIn, item);
    return;
  }
  for (const region of kind.global ? deps.regions : [described.awsRegion]) {
    // One after another: few Regions, and the reads are cached.
    await record(deps, schedule, kind, { accountId: owner.accountId, region }, described);
  }
};

const mayBeSame = ({ namedWithin }: ResourceKind, recordedIn: Place, changedIn: Place): boolean =>
  namedWithin === undefined ||
  (recordedIn.accountId === changedIn.accountId &&
    (namedWithin === 'account' || recordedIn.region === changedIn.region));

/** Whether any Region records the type: the Region of the resource is known only after a live read. */
const isRecorded = async (
  { recorders, regions }: RecordingDependencies,
  { accountId }: Place,
  kind: ResourceKind,
): Promise<boolean> => {
  const recorded = await Promise.all(
    regions.map(async (region) => recorders.records({ accountId, region }, kind)),
  );
  return recorded.includes(true);
};

const record = async (
  { recorders, history, now, events, onItem, clients }: RecordingDependencies,
  schedule: Recording['schedule'],
  kind: ResourceKind,
  place: Place,
  described: ResourceDescription,
): Promise<void> => {
  if (!(await recorders.records(place, kind))) return;
  const latest = history.latest(place, kind.resourceType, described.resourceId);
  const before = latest === undefined || isDeleted(latest) ? undefined : latest;
  const capturedAt = captureTime(now(), latest);
  const item: ConfigurationItem = {
    relatedEvents: [],
    relationships: [],
    supplementaryConfiguration: {},
    ...described,
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: capturedAt.toISOString(),
    configurationStateId: capturedAt.getTime(),
    awsAccountId: place.accountId,
    configurationItemStatus: before === undefined ? 'ResourceDiscovered' : 'OK',
    resourceType: kind.resourceType,
    configurationStateMd5Hash: '',
  };
  const diff = itemDiff(before, item);
  if (diff === undefined) return;
  history.add(place, item);
  events.emit({ type: 'ItemRecorded', place, item });
  onItem(place, item, diff);
  if (before === undefined && item.resourceType === 'AWS::EC2::VPC') {
    for (const { resourceType, list } of MADE_WITH_A_VPC) {
      const keys = await list({ clients, place });
      for (const key of keys.filter((id) => history.latest(place, resourceType, id) === undefined))
        schedule(place, { resourceType, key });
    }
  }
};

/** A new VPC has a default security group, a default network ACL and a main route table, for which there is no call. */
const MADE_WITH_A_VPC = ['AWS::EC2::SecurityGroup', 'AWS::EC2::NetworkAcl', 'AWS::EC2::RouteTable'].map(
  resourceKind,
);

const recordDeletion = (
  { history, now, events, onItem }: RecordingDependencies,
  schedule: Recording['schedule'],
  place: Place,
  last: ConfigurationItem,
): void => {
  const capturedAt = captureTime(now(), last);
  const item: ConfigurationItem = {
    ...last,
    relationships: [],
    configuration: null,
    supplementaryConfiguration: {},
    tags: {},
    configurationItemCaptureTime: capturedAt.toISOString(),
    configurationStateId: capturedAt.getTime(),
    configurationItemStatus: 'ResourceDeleted',
  };
  history.add(place, item);
  events.emit({ type: 'ItemRecorded', place, item });
  onItem(place, item, itemDiff(last, undefined) ?? { changedProperties: {}, changeType: 'DELETE' });
  // Resources that it contained may be deleted with it.
  for (const { resourceType, resourceId, relationships } of history.existing(place)) {
    if (relationships.some((related) => related.resourceId === item.resourceId))
      schedule(place, { resourceType, key: resourceId });
  }
};

/** A time later than the previous item, even if a test stops the clock. */
const captureTime = (now: Date, last: ConfigurationItem | undefined): Date =>
  last === undefined
    ? now
    : new Date(Math.max(now.getTime(), Date.parse(last.configurationItemCaptureTime) + 1));
