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
} from '@compliance/core';
import type { Finding, Unreadable } from '@compliance/report';
import pMap from 'p-map';

import { findingOf, type ScanOptions, type ScanUnit } from '../scan-account.ts';
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
  'account' | 'exemptions' | 'exemptionMaxDays' | 'exclusions' | 'now' | 'session' | 'onFindings'
> {
  readonly recorded: RecordedAccount;
  /** Units whose rules can read items. */
  readonly units: readonly ScanUnit[];
  /** The Region of global resources. */
  readonly homeRegion: string;
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
  const { recorded, units, homeRegion } = options;
  const types = [...new Set(units.map(({ rule }) => rule.resourceType))];
  const regions = regionsOf(units);
  const byPlace = Map.groupBy(units, ({ rule, region }) => placeOf(region, rule.resourceType));
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
      found.add(placeOf(regionOf(item, homeRegion), item.resourceType));
    }
    const judged = await pMap(
      items.flatMap((item) =>
        (byPlace.get(placeOf(regionOf(item, homeRegion), item.resourceType)) ?? []).map((unit) => ({
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
  for (const asked of recorded.together(regions))
    try {
      for await (const rows of recorded.rows(types, asked)) {
        for (const row of rows) {
          if (row.awsRegion !== 'global') waiting.push(row);
          else if (
            row.configurationItemCaptureTime > (globals.get(keyOf(row))?.configurationItemCaptureTime ?? '')
          )
            globals.set(keyOf(row), row);
        }
        await judgeFull(PER_CALL);
      }
      await judgeFull(1);
    } catch (error) {
      waiting.length = 0;
      for (const region of asked) {
        failed.set(region, `AWS Config cannot be asked: ${explain(error)}`);
        if (!options.live)
          options.onUnreadable(
            { accountId: options.session.accountId, region, message: explain(error) },
            error,
          );
      }
    }
  waiting.push(...globals.values());
  await judgeFull(1);
  return { uncovered: await uncoveredUnits(options, found, failed), ...ages.sum() };
};

const regionsOf = (units: readonly ScanUnit[]) => [...new Set(units.map(({ region }) => region))];
const placeOf = (region: string, type: string) => `${region} ${type}`;
const keyOf = ({
  awsRegion,
  resourceType,
  resourceId,
}: Pick<Row, 'awsRegion' | 'resourceType' | 'resourceId'>) => `${awsRegion}|${resourceType}|${resourceId}`;
const regionOf = ({ awsRegion }: Pick<Row, 'awsRegion'>, homeRegion: string) =>
  awsRegion === 'global' ? homeRegion : awsRegion;

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
    return [{ ...finding, ...defined({ tags: tags && Object.keys(tags).length > 0 ? tags : undefined }) }];
  } catch (error) {
    onUnreadable({ ...place, message: explain(error) }, error);
    return [];
  }
};

const scopeOf = ({ accountId, region, partition }: Session) => ({ accountId, region, partition });

const uncoveredUnits = async (
  { units, recorded, homeRegion }: ItemOptions,
  found: ReadonlySet<string>,
  failed: ReadonlyMap<string, string>,
): Promise<ItemsEnd['uncovered']> => {
  const regions = regionsOf(units);
  const recorders = new Map(
    await pMap(regions, async (region) => [region, await recorderOf(region)] as const, { concurrency: 8 }),
  );
  async function recorderOf(region: string): Promise<Recorder> {
    const reason = failed.get(region);
    if (reason !== undefined) return { state: 'off', reason };
    try {
      return await recorded.recorder(region);
    } catch (error) {
      return { state: 'off', reason: `whether it records cannot be read: ${explain(error)}` };
    }
  }
  return units.flatMap((unit) => {
    const type = unit.rule.resourceType;
    // Any Region may be the one that records global resources.
    const places = isGlobalType(type) ? regions : [unit.region];
    const states = places.map((region) => recorders.get(region) ?? { state: 'unknown' as const });
    if (states.some((state) => state.state === 'recording' && includesType(state.group, type))) return [];
    // What is found was recorded; whether it still is, only a recorder tells.
    if (
      states.some(({ state }) => state === 'unknown') &&
      found.has(placeOf(isGlobalType(type) ? homeRegion : unit.region, type))
    )
      return [];
    const off = states.find((state) => state.state === 'off');
    const reason =
      off?.reason ??
      (states.some(({ state }) => state === 'unknown')
        ? 'nothing shows that it is recorded'
        : `${type} is not recorded`);
    return [{ unit, reason }];
  });
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
