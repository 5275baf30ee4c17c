import { DAY_MS } from '../base/times.ts';
import type { FailureMark, SweepMark, VerdictMark } from '../events/mark.ts';
import type { Named } from '../events/named.ts';
import { verdictLetter, type Row } from '../snapshot/row.ts';

const HISTORY = 12;
const HISTORY_DAYS = 90;

/** The row after a verdict. AWS Config, too, keeps the newest by ordering time. */
export const applyVerdict = (row: Row | undefined, mark: VerdictMark): Row => {
  if (row && !isNewer(mark, row)) return row;
  const { verdict, time, orderingTime, annotation, exemption, excluded } = mark;
  const same = row?.verdict === verdict;
  const history = same ? row.history : historyOf(row, mark);
  // A failure that came later than this verdict still stands.
  const failed = row?.failed && row.failed.at >= time ? row.failed : undefined;
  const isOpen = verdict !== 'compliant' && verdict !== 'gone';
  return {
    verdict,
    since: same ? row.since : time,
    judgedAt: time,
    orderingTime,
    ...namesOf(mark, row, isOpen),
    ...(isOpen && annotation !== undefined && { annotation }),
    ...(exemption !== undefined && { exemption }),
    ...(excluded !== undefined && { excluded }),
    ...(failed && { failed }),
    ...(history && history.length > 0 && { history }),
  };
};

/** The row after a failed evaluation: its verdict stays below, and holds again when a sweep finds it unchanged. */
export const applyFailure = (row: Row | undefined, mark: FailureMark): Row => {
  const { time, message } = mark;
  const known = row ?? { verdict: 'none', since: time, judgedAt: 0, orderingTime: 0 };
  if (known.judgedAt > time || (known.failed && known.failed.at > time)) return known;
  const failed = { since: known.failed?.since ?? time, at: time, message };
  return { ...known, ...namesOf(mark, known, true), failed };
};

/** The row after a sweep in which it did not fail. `undefined`: it never had a verdict, so it has none to return to. */
export const applySweep = (
  row: Row,
  sweep: Pick<SweepMark, 'orderingTime' | 'resolves'>,
): Row | undefined => {
  if (!row.failed || !sweep.resolves || sweep.orderingTime <= row.failed.at) return row;
  if (row.verdict === 'none') return undefined;
  const { failed: _failed, ...judged } = row;
  return judged;
};

/** At the same times, the worse verdict holds: a resource may be listed twice. */
const isNewer = (mark: VerdictMark, row: Row): boolean => {
  const difference =
    mark.orderingTime - row.orderingTime ||
    mark.time - row.judgedAt ||
    WORSE.indexOf(mark.verdict) - WORSE.indexOf(row.verdict);
  return difference === 0 ? (mark.annotation ?? '') > (row.annotation ?? '') : difference > 0;
};

const WORSE: readonly Row['verdict'][] = ['none', 'gone', 'compliant', 'exempt', 'excluded', 'violating'];

/** What vanished is told without its names. A compliant row is one of millions: its ARN is not kept. */
const namesOf = (mark: Named, row: Named | undefined, withArn: boolean): Named => {
  const name = mark.name ?? row?.name;
  const owner = mark.owner ?? row?.owner;
  const arn = withArn ? (mark.arn ?? row?.arn) : undefined;
  return {
    ...(name !== undefined && { name }),
    ...(arn !== undefined && { arn }),
    ...(owner !== undefined && { owner }),
  };
};

/** The last verdicts of a resource whose verdict changes: each since when. */
const historyOf = (row: Row | undefined, { verdict, time }: VerdictMark): readonly string[] | undefined => {
  if (!row || row.verdict === 'none') return undefined;
  const before = row.history ?? [historyEntry(row.verdict, row.since)];
  return [...before, historyEntry(verdict, time)]
    .filter((entry) => parseHistory(entry).since > time - HISTORY_DAYS * DAY_MS || entry === before.at(-1))
    .slice(-HISTORY);
};

const historyEntry = (verdict: Row['verdict'], since: number) =>
  `${verdictLetter(verdict)}${since.toString(36)}`;

/** An entry of a row's history: the letter of a verdict, and since when it was the verdict. */
export const parseHistory = (entry: string): { readonly letter: string; readonly since: number } => ({
  letter: entry.charAt(0),
  since: Number.parseInt(entry.slice(1), 36),
});
