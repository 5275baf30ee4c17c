import type { LeftMark, Mark } from '../events/mark.ts';
import { stateLetter, type Row, type StateLetter } from '../snapshot/row.ts';
import { applyFailure, applySweep, applyVerdict } from './apply-mark.ts';

/** A resource entered or left a state. */
export interface Change {
  readonly time: number;
  /** Absent: it was not in the state, or is not any more. */
  readonly from?: StateLetter;
  readonly to?: StateLetter;
  /** How long the violation lasted that ended: it was judged compliant. */
  readonly remediatedAfter?: number;
}

/** Applies marks in the order of time. `undefined`: the resource is not in the state. */
export const mergeRow = (
  row: Row | undefined,
  marks: readonly Mark[],
  onChange: (change: Change) => void = () => {},
): Row | undefined => {
  let current = row;
  for (const mark of marks) {
    const next = apply(current, mark);
    if (next === current) continue;
    const [from, to] = [shownState(current), shownState(next)];
    const remediated =
      current?.verdict === 'violating' && next?.verdict === 'compliant' ? current : undefined;
    if (from !== to || remediated)
      onChange({
        time: mark.time,
        ...(from && { from }),
        ...(to && { to }),
        ...(remediated && { remediatedAfter: Math.max(0, mark.time - remediated.since) }),
      });
    current = next;
  }
  return current;
};

const apply = (row: Row | undefined, mark: Mark): Row | undefined => {
  switch (mark.kind) {
    case 'verdict':
      return applyVerdict(row, mark);
    case 'failure':
      return applyFailure(row, mark);
    case 'sweep':
      return row && applySweep(row, mark);
    case 'left':
      return row && applyLeft(row, mark);
    default:
      throw new Error(`Unknown mark ${JSON.stringify(mark satisfies never)}`);
  }
};

/** What was judged after the account left, it has joined again. */
const applyLeft = (row: Row, { time }: LeftMark): Row | undefined =>
  Math.max(row.judgedAt, row.failed?.at ?? 0) > time ? row : undefined;

const shownState = (row: Row | undefined): StateLetter | undefined => {
  const letter = row && stateLetter(row);
  return letter === 'g' || letter === 'n' ? undefined : letter;
};
