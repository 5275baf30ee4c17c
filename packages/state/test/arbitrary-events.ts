import fc from 'fast-check';

import type { AuditEvent } from '@compliance/core';

import { accountLeft, evaluated, failed, swept } from './events.ts';

const START = Date.parse('2026-11-29T00:00:00Z');

/** Few subjects, so that much happens to each. One id sorts and looks unlike the others. */
const about = fc.record({
  account: fc.constantFrom('111122223333', '444455556666'),
  command: fc.constantFrom('A_RULE', 'B_RULE'),
  region: fc.constantFrom('eu-west-1', 'us-east-1'),
});
const id = fc.constantFrom('a', 'a\tb\n@#', '<script>\u202E\uD800', 'ä');

/** Minutes are unique: each event has its own time, at any second of it. */
const occurrence = fc.record({
  about,
  id,
  lag: fc.nat(40),
  kind: fc.constantFrom('C', 'C', 'N', 'N', 'E', 'X', 'G', 'F', 'F', 'L', 'S', 'S', 'A'),
});

/** Events of a day, in no order. */
export const arbitraryEvents: fc.Arbitrary<readonly AuditEvent[]> = fc
  .array(occurrence, { maxLength: 40 })
  .chain((occurrences) => {
    const events = occurrences.map(({ about: place, id: resource, lag, kind }, index): AuditEvent => {
      const at = START + index * 120_000;
      const time = new Date(at).toISOString();
      const orderingTime = new Date(at - lag * 60_000).toISOString();
      const verdict = { ...place, orderingTime, owner: `team-${lag % 2}` };
      switch (kind) {
        case 'C':
          return evaluated(resource, 'COMPLIANT', time, verdict);
        case 'N':
          return evaluated(resource, 'NON_COMPLIANT', time, { ...verdict, annotation: `Off since ${lag}.` });
        case 'E':
          return evaluated(resource, 'NON_COMPLIANT', time, { ...verdict, excluded: 'aws-*' });
        case 'X':
          return evaluated(resource, 'NOT_APPLICABLE', time, { ...verdict, exemption: 'EX-1' });
        case 'G':
          return evaluated(resource, 'NOT_APPLICABLE', time, verdict);
        case 'F':
          return failed(resource, time, place);
        case 'L':
          return failed(undefined, time, place);
        case 'S':
          return swept(time, { compliant: lag % 3 }, place);
        case 'A':
          return accountLeft(time, place.account);
        default:
          throw new Error(`Unknown kind ${String(kind satisfies never)}`);
      }
    });
    return fc.shuffledSubarray(events, { minLength: events.length });
  });
