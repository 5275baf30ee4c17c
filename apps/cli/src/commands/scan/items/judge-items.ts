import {
  defined,
  explain,
  isJudgeable,
  judgeOrExempt,
  withIdentity,
  type JudgeContext,
  type Resource,
  type Session,
  parseConfigurationItem,
} from '@compliance/core/scan';
import type { Finding, Unreadable } from '@compliance/report';
import pMap from 'p-map';

import { findingOf, tagged, type ScanOptions, type ScanUnit } from '../scan-account.ts';
import {
  includesType,
  isGlobalType,
  withRowTags,
  type Item,
  type RecordedAccount,
  type Recorder,
  type Row,
} from './recorded.ts';

const PER_CALL = 100;

export interface ItemOptions extends Pick<
  ScanOptions,
  'account' | 'exemptions' | 'exemptionMaxDays' | 'exclusions' | 'now' | 'session' | 'onFindings' | 'signal'
> {
  readonly recorded: RecordedAccount;
  /** Units whose rules can read items. */
  readonly units: readonly ScanUnit[];
  /** Reads live what an item does not decide. */
  readonly live: boolean;
  readonly onUnreadable: (unreadable: Unreadable, error: unknown) => void;
  /** A resource whose item does not hold the facts. */
  readonly onUndecided: (unreadable: Unreadable) => void;
}

/** What the items of an account covered. */
export interface ItemsEnd {
  /** Units for which AWS Config's records prove nothing: a stopped recorder looks like an empty account. */
  readonly uncovered: readonly { readonly unit: ScanUnit; readonly reason: string }[];
  readonly items: number;
  readonly oldest?: Date;
  readonly newest?: Date;
}

/** Judges what AWS Config recorded, with two calls for each hundred resources. */
export const judgeItems = async (options: ItemOptions): Promise<ItemsEnd> => {
  const { recorded, units, signal } = options;
  // First of all: what a stopped recorder left behind may be true no longer, so that it is not judged.
  const recorders = await recorded.recorders(regionsOf(units));
  const coverages = new Map(units.map((unit) => [unit, coverageOf(unit, recorders)]));
  const readable = units.filter((unit) => typeof coverages.get(unit) === 'string');
  const types = [...new Set(readable.map(({ rule }) => rule.resourceType))];
  const regions = [...recorders].flatMap(([region, { state }]) => (state === 'off' ? [] : region));
  const byPlace = Map.groupBy(readable, ({ rule, region }) => placeOf(region, rule.resourceType));
  const found = new Set<string>();
  const ages = createAges();
  // A global resource is recorded in every Region whose recorder includes global ones: the newest record counts.
  const globals = new Map<string, Row>();

  const judge = async (rows: readonly Row[]) => {
    const rowsByKey = new Map(rows.map((row) => [keyOf(row), row]));
    const items = (await recorded.items(rows)).map((read) => {
      const item = parseConfigurationItem(read);
      const row = rowsByKey.get(keyOf(item));
      return row ? withRowTags(item, row) : item;
    });
    for (const item of items) {
      ages.add(item.captureTime);
      found.add(placeOf(item.awsRegion, item.resourceType));
    }
    const judged = await pMap(
      items.flatMap((item) =>
        (byPlace.get(placeOf(item.awsRegion, item.resourceType)) ?? []).map((unit) => ({
          unit,
          item,
        })),
      ),
      ({ unit, item }) => judgeItem(unit, item, options),
      { concurrency: 16 },
    );
    await options.onFindings(judged.flat());
  };

  const waiting: Row[] = [];
  const judgeFull = async (least: number) => {
    while (waiting.length >= least && waiting.length > 0) await judge(waiting.splice(0, PER_CALL));
  };
  const failed = new Map<string, string>();
  /** What fails is looked up live, unless a part of it is judged already. */
  const orFail = async (asked: readonly string[], read: () => Promise<void>) => {
    if (signal?.aborted === true) return;
    try {
      await read();
    } catch (error) {
      waiting.length = 0;
      const message = explain(error);
      for (const region of asked) {
        failed.set(region, `AWS Config cannot be asked: ${message}`);
        if (!options.live || types.some((type) => found.has(placeOf(region, type))))
          options.onUnreadable({ accountId: options.session.accountId, region, message }, error);
      }
    }
  };
  for (const asked of types.length > 0 ? recorded.together(regions) : [])
    await orFail(asked, async () => {
      for await (const rows of recorded.rows(types, asked)) {
        for (const row of rows) {
          if (row.awsRegion !== 'global') waiting.push(row);
          else if (
            row.configurationItemCaptureTime > (globals.get(keyOf(row))?.configurationItemCaptureTime ?? '')
          )
            globals.set(keyOf(row), row);
        }
        await judgeFull(PER_CALL);
        if (signal?.aborted === true) return;
      }
      await judgeFull(1);
    });
  const ofGlobals = readable.filter(({ rule }) => isGlobalType(rule.resourceType));
  await orFail(regionsOf(ofGlobals), async () => {
    waiting.push(...globals.values());
    await judgeFull(1);
  });

  const uncovered = units.flatMap((unit) => {
    const reason = uncoveredReason(coverages.get(unit), {
      failure: failed.get(unit.region),
      isFound: found.has(placeOf(unit.region, unit.rule.resourceType)),
    });
    return reason === undefined ? [] : [{ unit, reason }];
  });
  return { uncovered, ...ages.sum() };
};

const regionsOf = (units: readonly ScanUnit[]) => [...new Set(units.map(({ region }) => region))];
/** Global resources are in the Region `global`, whichever Region their rules are judged in. */
const placeOf = (region: string, type: string) => (isGlobalType(type) ? type : `${region} ${type}`);
const keyOf = ({
  awsRegion,
  resourceType,
  resourceId,
}: Pick<Row, 'awsRegion' | 'resourceType' | 'resourceId'>) => `${awsRegion}|${resourceType}|${resourceId}`;

const judgeItem = async (
  { rule, region, parameters }: ScanUnit,
  item: Item,
  { onUndecided, onUnreadable, live, ...options }: ItemOptions,
): Promise<readonly Finding[]> => {
  if (!isJudgeable(item)) return [];
  const session = options.session.at(region);
  const { resourceType, resourceId, resourceName, arn, tags } = item;
  const resource: Resource = defined({ resourceType, resourceId, resourceName, arn, tags });
  const place = { accountId: session.accountId, region, command: rule.command, resourceType, resourceId };
  try {
    const fromItem = rule.observe.item?.(item);
    if (fromItem === undefined && !live) {
      onUndecided({ ...place, message: "Needs a live look: AWS Config's item does not hold the facts." });
      return [];
    }
    const observation = fromItem ?? (await rule.observe.get(resource, { session }));
    if (observation === undefined) return [];
    const named = withIdentity(resource, observation);
    const judgeContext: JudgeContext = { parameters, ...scopeOf(session), now: options.now };
    const verdict = judgeOrExempt({ ...options, rule, session, judgeContext }, named, observation);
    const judged = { resource: named, verdict, orderingTime: item.captureTime, observation };
    const finding = findingOf(judged, { rule, session, now: fromItem ? item.captureTime : options.now });
    return [tagged(finding, tags)];
  } catch (error) {
    onUnreadable({ ...place, message: explain(error) }, error);
    return [];
  }
};

const scopeOf = ({ accountId, region, partition }: Session) => ({ accountId, region, partition });

/** What AWS Config's records prove about a unit. `found`: only what they have shows that they would have it. */
type Coverage = 'recorded' | 'found' | { readonly reason: string };

const coverageOf = (
  { rule: { resourceType }, region }: ScanUnit,
  recorders: ReadonlyMap<string, Recorder>,
): Coverage => {
  // Any Region may be the one that records global resources.
  const places = isGlobalType(resourceType) ? [...recorders.keys()] : [region];
  const states = places.flatMap((place) => recorders.get(place) ?? []);
  if (states.some((one) => one.state === 'recording' && includesType(one.group, resourceType)))
    return 'recorded';
  if (states.some(({ state }) => state === 'unknown')) return 'found';
  const off = states.find((one) => one.state === 'off');
  return { reason: off?.reason ?? `${resourceType} is not recorded` };
};

const uncoveredReason = (
  coverage: Coverage = 'found',
  { failure, isFound }: { readonly failure: string | undefined; readonly isFound: boolean },
): string | undefined => {
  if (typeof coverage === 'object') return coverage.reason;
  if (isFound) return undefined;
  return failure ?? (coverage === 'found' ? 'nothing shows that it is recorded' : undefined);
};

const createAges = () => {
  let items = 0;
  let oldest: Date | undefined;
  let newest: Date | undefined;
  return {
    add: (time: Date) => {
      items += 1;
      if (!oldest || time < oldest) oldest = time;
      if (!newest || time > newest) newest = time;
    },
    sum: () => ({ items, ...defined({ oldest, newest }) }),
  };
};
