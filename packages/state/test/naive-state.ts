import { ACCOUNT_TYPE, type AuditEvent } from '@compliance/core';

import type { ShownRow } from './rows-in.ts';

interface Known {
  shown: ShownRow;
  verdict: string;
  at: number;
  orderingTime: number;
  failedAt?: number;
}

/** The state as one would write it down for few events: a map, all events in the order of time. */
export const naiveState = (events: readonly AuditEvent[]): readonly ShownRow[] => {
  const known = new Map<string, Known>();
  for (const event of events.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time)))
    record(event, known);
  return [...known.values()]
    .filter(({ verdict, failedAt }) => failedAt !== undefined || !['gone', 'none'].includes(verdict))
    .map(({ shown }) => shown)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

const escaped = (text: string) => text.replaceAll(/[\t\n\uD800]/g, '\\u0');
const keyOf = ({ place, type, resource }: ShownRow) => [place, type, escaped(resource)].join('\t');

const record = (event: AuditEvent, known: Map<string, Known>): void => {
  const { accountId = '', command, region, resource } = event;
  const place = [accountId, command, region].join(' ');
  const at = Date.parse(event.time);
  const type = resource?.resourceType ?? ACCOUNT_TYPE;
  const id = resource?.resourceId ?? accountId;
  const key = JSON.stringify([place, type, id]);
  const before = known.get(key);
  const empty: ShownRow = {
    place,
    type,
    resource: id,
    state: 'n',
    since: event.time,
    annotation: undefined,
    owner: undefined,
    exemption: undefined,
    failed: undefined,
  };

  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others change no state.
  switch (event.type) {
    case 'account-left':
      for (const [other, { shown }] of known) if (shown.place.startsWith(accountId)) known.delete(other);
      return;
    case 'sweep-completed':
      for (const [other, row] of known) {
        const isResolved = (row.failedAt ?? Infinity) < Date.parse(event.orderingTime);
        if (row.shown.place !== place || !isResolved) continue;
        if (row.verdict === 'none') known.delete(other);
        else
          known.set(other, {
            ...without(row),
            shown: { ...row.shown, state: letters[row.verdict] ?? 'g', failed: undefined },
          });
      }
      return;
    case 'evaluation-failed': {
      const row = before ?? { shown: empty, verdict: 'none', at: 0, orderingTime: 0 };
      const since = row.shown.failed?.since ?? at;
      const shown = { ...row.shown, state: 'u', failed: { message: event.error.message, since } } as const;
      known.set(key, { ...row, failedAt: at, shown });
      return;
    }
    case 'resource-evaluated': {
      const orderingTime = Date.parse(event.orderingTime);
      if (before && before.orderingTime > orderingTime) return;
      const { complianceType, annotation, exemption, excluded, owner } = event;
      const verdict = nameOf(complianceType, exemption !== undefined, excluded !== undefined);
      const since = before?.verdict === verdict ? before.shown.since : event.time;
      const shown: ShownRow = {
        ...empty,
        state: letters[verdict] ?? 'g',
        since,
        owner,
        annotation,
        exemption,
      };
      known.set(key, { shown, verdict, at, orderingTime });
      return;
    }
    default:
  }
};

const without = ({ failedAt: _failedAt, ...row }: Known): Known => row;

const letters: Readonly<Record<string, 'c' | 'v' | 'x' | 'e'>> = {
  compliant: 'c',
  violating: 'v',
  exempt: 'x',
  excluded: 'e',
};

const nameOf = (complianceType: string, isExempt: boolean, isExcluded: boolean): string => {
  if (complianceType === 'COMPLIANT') return 'compliant';
  if (complianceType === 'NON_COMPLIANT') return isExcluded ? 'excluded' : 'violating';
  return isExempt ? 'exempt' : 'gone';
};
