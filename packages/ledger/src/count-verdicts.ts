import type { AuditEvent } from '@compliance/core';

import { createCompactMap } from './compact-map.ts';
import type { EventOf } from './event-of.ts';
import { subjectKey, subjectOf } from './subject.ts';

/** How many resources of an account a rule judged how, by their newest verdicts. */
export interface VerdictCount {
  readonly accountId: string;
  readonly command: string;
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly notApplicable: number;
  /** The not applicable ones whose violation an exemption covers. */
  readonly exempt: number;
  /** The non-compliant ones of AWS or of the landing zone. */
  readonly excluded: number;
}

/**
 * Counts the newest verdicts by account and rule.
 * Memory grows with the resources, about 40 bytes each, not with the events.
 */
export const countVerdicts = async (events: AsyncIterable<AuditEvent>): Promise<readonly VerdictCount[]> => {
  const cells = new Map<string, number>();
  const newest = createCompactMap();
  for await (const event of events) if (event.type === 'resource-evaluated') record(event, cells, newest);

  const counts = [...cells.keys()].map(() => new Uint32Array(KINDS.length));
  newest.forEach((verdict, cell) => {
    const ofCell = counts[cell];
    const kind = verdict % KINDS.length;
    if (ofCell) ofCell[kind] = (ofCell[kind] ?? 0) + 1;
  });
  return [...cells]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, cell]) => {
      const [accountId = '', command = ''] = key.split('|');
      return { accountId, command, ...countsOf(counts[cell] ?? []) };
    });
};

/** The newest verdict of a resource is one number: the ordering time in milliseconds, and the kind. */
const record = (
  event: EventOf<'resource-evaluated'>,
  cells: Map<string, number>,
  newest: ReturnType<typeof createCompactMap>,
): void => {
  const subject = subjectOf(event);
  if (!subject) return;
  const cellKey = `${subject.accountId}|${subject.command}`;
  const cell = cells.get(cellKey) ?? cells.size;
  cells.set(cellKey, cell);
  const orderingTime = Date.parse(event.orderingTime);
  const value = orderingTime * KINDS.length + KINDS.indexOf(kindOf(event));
  newest.put(
    subjectKey(subject),
    { value, group: cell },
    (known) => Math.floor(known / KINDS.length) <= orderingTime,
  );
};

const KINDS = ['compliant', 'nonCompliant', 'excluded', 'notApplicable', 'exempt'] as const;

const kindOf = ({
  complianceType,
  exemption,
  excluded,
}: EventOf<'resource-evaluated'>): (typeof KINDS)[number] => {
  if (complianceType === 'COMPLIANT') return 'compliant';
  if (complianceType === 'NON_COMPLIANT') return excluded === undefined ? 'nonCompliant' : 'excluded';
  return exemption === undefined ? 'notApplicable' : 'exempt';
};

const countsOf = ([compliant = 0, open = 0, excluded = 0, other = 0, exempt = 0]: Iterable<number>) => ({
  compliant,
  nonCompliant: open + excluded,
  excluded,
  notApplicable: other + exempt,
  exempt,
});
