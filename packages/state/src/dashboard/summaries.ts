import type { CountColumns, Overview, TimeToRemediate } from '@compliance/dashboard-data';

import { DAY_MS } from '../base/times.ts';
import { summariseDurations } from '../history/remediated.ts';
import type { Manifest } from '../snapshot/manifest.ts';
import type { Catalogue } from './catalogue.ts';
import type { Matrix } from './matrix.ts';
import { toSeconds } from './texts.ts';

const WORSE = 100;

/** The trend in seconds: of several points in one second, the last. */
export const trendOf = ({ trend }: Pick<Manifest, 'trend'>): Overview['trend'] => {
  const points = trend.filter(({ at }, index) => {
    const next = trend[index + 1];
    return next === undefined || toSeconds(next.at) !== toSeconds(at);
  });
  const column = (state: 'c' | 'v' | 'x' | 'e' | 'u') => points.map((point) => point[state]);
  const counts: CountColumns = {
    compliant: column('c'),
    violating: column('v'),
    exempt: column('x'),
    excluded: column('e'),
    unknown: column('u'),
  };
  return { at: points.map(({ at }) => toSeconds(at)), counts };
};

/** How long violations lasted that ended since a time. */
export const timeToRemediate = (
  { remediated }: Pick<Manifest, 'remediated'>,
  { ruleIndex }: Catalogue,
  since: number,
): TimeToRemediate => {
  const days = remediated.filter(({ day }) => day >= Math.floor(since / DAY_MS));
  const all = summariseDurations(days);
  const byRule = [...Map.groupBy(days, ({ rule }) => ruleIndex.get(rule) ?? -1)]
    .flatMap(([rule, own]) => {
      const summary = rule < 0 ? undefined : summariseDurations(own);
      return summary ? [{ rule, ...summary }] : [];
    })
    .toSorted((a, b) => a.rule - b.rule);
  return {
    since: toSeconds(since),
    count: all?.count ?? 0,
    ...(all && { mean: wholeSeconds(all.mean), p90: wholeSeconds(all.p90) }),
    byRule: {
      rule: byRule.map(({ rule }) => rule),
      count: byRule.map(({ count }) => count),
      mean: byRule.map(({ mean }) => wholeSeconds(mean)),
      p90: byRule.map(({ p90 }) => wholeSeconds(p90)),
    },
  };
};

/** Rounded up: what took a part of a second did not take none. */
const wholeSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);

/** Where more is violating or unknown than in a former snapshot. */
export const worseSince = (
  at: number,
  { before, now }: { readonly before: Matrix; readonly now: Matrix },
  { units, rules }: Catalogue,
): Overview['worse'] => {
  const rows = units
    .flatMap((_, unit) =>
      rules.map((__, rule) => {
        const row = unit * rules.length + rule;
        return { unit, rule, before: before.bad(row), now: now.bad(row) };
      }),
    )
    .filter((row) => row.now > row.before)
    .toSorted((a, b) => b.now - b.before - (a.now - a.before) || a.unit - b.unit || a.rule - b.rule)
    .slice(0, WORSE);
  return {
    since: toSeconds(at),
    rows: {
      unit: rows.map(({ unit }) => unit),
      rule: rows.map(({ rule }) => rule),
      before: rows.map((row) => row.before),
      now: rows.map((row) => row.now),
    },
  };
};
