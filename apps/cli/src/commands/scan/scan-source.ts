import type { Unreadable } from '@compliance/report';

import { judgeItems, type ItemsEnd } from './items/judge-items.ts';
import type { RecordedAccount } from './items/recorded.ts';
import { scanAccount, type ScanEnd, type ScanOptions, type ScanUnit } from './scan-account.ts';

/** Where facts come from: live calls, AWS Config's items, or items and live calls for the rest. */
export type Source = 'live' | 'config' | 'both';

/** What is not judged although nothing failed. */
export type Gap = 'not-covered' | 'live-look';

export interface SourceOptions extends ScanOptions {
  readonly source: Source;
  readonly recorded: RecordedAccount;
  readonly onGap: (gap: Gap, unreadable: Unreadable) => void;
}

export interface SourceEnd extends ScanEnd {
  readonly items?: Omit<ItemsEnd, 'uncovered'>;
}

/** Scans the units of an account from the source that is asked for. */
export const scanSource = async ({
  source,
  recorded,
  onGap,
  ...options
}: SourceOptions): Promise<SourceEnd> => {
  if (source === 'live') return scanAccount(options);
  const [readable, others] = splitUnits(options.units);
  const { uncovered, ...items } = await judgeItems({
    ...options,
    recorded,
    units: readable,
    live: source === 'both',
    onUndecided: (unreadable) => onGap('live-look', unreadable),
  });
  if (source === 'config') {
    for (const gap of uncoveredRows(readable, uncovered))
      onGap('not-covered', { accountId: options.session.accountId, ...gap });
    return { items };
  }
  const end = await scanAccount({ ...options, units: [...others, ...uncovered.map(({ unit }) => unit)] });
  return { ...end, items };
};

/** Units whose rules read items, and the others. */
const splitUnits = (units: readonly ScanUnit[]) =>
  [
    units.filter(({ rule }) => rule.observe.item !== undefined),
    units.filter(({ rule }) => rule.observe.item === undefined),
  ] as const;

/** A row for each Region without records, and for each type that a Region does not record. */
const uncoveredRows = (
  units: readonly ScanUnit[],
  uncovered: ItemsEnd['uncovered'],
): readonly Pick<Unreadable, 'region' | 'resourceType' | 'message'>[] => {
  const countIn = (region: string) => units.filter((unit) => unit.region === region).length;
  return [...Map.groupBy(uncovered, ({ unit }) => unit.region)].flatMap(([region, inRegion]) => {
    const reasons = new Set(inRegion.map(({ reason }) => reason));
    const [reason] = reasons;
    if (inRegion.length === countIn(region) && reasons.size === 1)
      return [{ region, message: `Not covered by AWS Config: ${reason}.` }];
    const byType = new Map(inRegion.map(({ unit, reason: why }) => [unit.rule.resourceType, why]));
    return [...byType].map(([resourceType, why]) => ({
      region,
      resourceType,
      message: `Not covered by AWS Config: ${why}.`,
    }));
  });
};
