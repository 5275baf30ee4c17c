import { fromField } from '../base/field.ts';
import { NO_STATES, type StateCounts } from '../history/trend.ts';
import type { PlaceCounts } from '../merge/merge-state.ts';

/** The counts of a rule in an account, over its Regions. */
export interface RuleCounts {
  readonly account: string;
  readonly rule: string;
  readonly counts: StateCounts;
  /** When any of its Regions was swept last, 0 when none was. */
  readonly sweptAt: number;
}

/** Sums the counts of places, which come sorted, by account and rule. */
export const createCountLines = (write: (line: string) => void) => {
  const totals = { ...NO_STATES };
  let open:
    | { key: string; counts: { c: number; v: number; x: number; e: number; u: number }; sweptAt: number }
    | undefined;
  const close = () => {
    if (!open) return;
    const { key, counts, sweptAt } = open;
    const { c, v, x, e, u } = counts;
    write(`${key}\t${c},${v},${x},${e},${u},${sweptAt}`);
  };
  return {
    add: (place: string, { c, v, x, e, u, sweptAt = 0 }: PlaceCounts): void => {
      const key = place.slice(0, place.lastIndexOf('\t'));
      if (open?.key !== key) {
        close();
        open = { key, counts: { ...NO_STATES }, sweptAt: 0 };
      }
      for (const sums of [totals, open.counts]) {
        sums.c += c;
        sums.v += v;
        sums.x += x;
        sums.e += e;
        sums.u += u;
      }
      open.sweptAt = Math.max(open.sweptAt, sweptAt);
    },
    close,
    totals,
  };
};

export const parseCountLine = (line: string): RuleCounts => {
  const [account = '', rule = '', numbers = ''] = line.split('\t');
  const [c = 0, v = 0, x = 0, e = 0, u = 0, sweptAt = 0] = numbers.split(',').map(Number);
  return { account: fromField(account), rule: fromField(rule), counts: { c, v, x, e, u }, sweptAt };
};
