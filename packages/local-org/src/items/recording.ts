import { setTimeout as delay } from 'node:timers/promises';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { OrgEvents } from '../base/org-event.ts';
import type { Place } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import type { PossibleChange } from './changes.ts';
import type { ConfigurationItem, ResourceDescription } from '../base/configuration-item.ts';
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
  /** Hears of every new item; the difference is what a change notification carries besides the item. */
  readonly onItem: (
    place: Place,
    item: ConfigurationItem,
    diff: NonNullable<ReturnType<typeof itemDiff>>,
  ) => void;
}

export interface Recording {
  /** The resource may have changed: look soon, once for a burst of calls. */
  readonly schedule: (place: Place, change: PossibleChange) => void;
  /** A recorder was started: everything that is there already gets its first item. */
  readonly discover: (place: Place) => void;
}

const BURST_MS = 15;

/** Makes configuration items from live reads, as AWS Config does: none without a recorder, none without a difference. */
export const createRecording = (deps: RecordingDependencies): Recording => {
  const waiting = new Set<string>();
  const turns = new Map<string, Promise<void>>();

  /** Two looks at one resource never overlap, lest an older state be recorded last. */
  const inTurn = async (key: string, run: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(key) ?? Promise.resolve()).then(run);
    const quiet = turn.catch(() => undefined);
    turns.set(key, quiet);
    await turn.finally(() => {
      if (turns.get(key) === quiet) turns.delete(key);
    });
  };

  const note: Recording['schedule'] = (place, change) => {
    const key = `${place.accountId}/${place.region}/${change.resourceType}/${change.key}`;
    if (waiting.has(key)) return;
    waiting.add(key);
    deps.work.start(`recording ${change.resourceType} ${change.key} of ${place.accountId}`, async () => {
      await delay(BURST_MS);
      waiting.delete(key);
      await inTurn(key, async () => {
        await recordResource(deps, note, place, change);
      });
    });
  };

  const discover: Recording['discover'] = (place) => {
    deps.work.start(`discovering the resources of ${place.accountId} in ${place.region}`, async () => {
      for (const kind of supportedKinds) {
        // The emulator answers one call at a time anyway.
        if (!(await deps.recorders.records(place, kind))) continue;
        const keys = await kind.list({ clients: deps.clients, place });
        for (const key of keys) note(place, { resourceType: kind.resourceType, key });
      }
    });
  };

  return { schedule: note, discover };
};

const recordResource = async (
  deps: RecordingDependencies,
  note: Recording['schedule'],
  place: Place,
  change: PossibleChange,
): Promise<void> => {
  const kind = resourceKind(change.resourceType);
  const known = deps.history.find(change.resourceType, change.key);
  // Another account may make the call; the resource stays its owner's.
  const owner = known.find((found) => !isDeleted(found.item))?.place ?? place;
  if (!(await isRecorded(deps, owner, kind))) return;
  // It may vanish while it is described, between two calls.
  const described = await undefinedIfNotFound(
    kind.describe({ clients: deps.clients, place: owner }, change.key),
    'NoSuchBucket',
    'NoSuchEntityException',
  );
  if (described === undefined) {
    for (const { place: at, item } of known) if (!isDeleted(item)) recordDeletion(deps, note, at, item);
    return;
  }
  for (const region of kind.global ? deps.regions : [described.awsRegion]) {
    // Few Regions, and the answers are remembered.
    await record(deps, note, kind, { accountId: owner.accountId, region }, described);
  }
};

/** In any Region: where the resource is, only looking at it tells. */
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
  note: Recording['schedule'],
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
    // A new VPC brings a security group of its own; nobody made a call for that.
    const groups = resourceKind('AWS::EC2::SecurityGroup');
    const keys = await groups.list({ clients, place });
    for (const key of keys.filter((id) => history.latest(place, groups.resourceType, id) === undefined)) {
      note(place, { resourceType: groups.resourceType, key });
    }
  }
};

const recordDeletion = (
  { history, now, events, onItem }: RecordingDependencies,
  note: Recording['schedule'],
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
  // What was contained in it may have gone with it.
  for (const { resourceType, resourceId, relationships } of history.existing(place)) {
    if (relationships.some((related) => related.resourceId === item.resourceId))
      note(place, { resourceType, key: resourceId });
  }
};

/** Later than the item before, also on a clock that a test holds still. */
const captureTime = (now: Date, last: ConfigurationItem | undefined): Date =>
  last === undefined
    ? now
    : new Date(Math.max(now.getTime(), Date.parse(last.configurationItemCaptureTime) + 1));
