import type { AuditEvent } from '@compliance/core';
import { expect, test } from 'vitest';

import { countVerdicts } from '../src/count-verdicts.ts';
import { evaluated } from './events.ts';

const countsOf = (...events: AuditEvent[]) =>
  countVerdicts(
    (async function* () {
      yield* events;
    })(),
  );

test('the newest verdict of each resource counts for its account and rule, in any order of reading', async () => {
  const other = { command: 'VPC_ENABLE_FLOW_LOGS' };
  await expect(
    countsOf(
      evaluated('b', 'COMPLIANT', '2026-11-20T12:00:00Z'),
      evaluated('b', 'NON_COMPLIANT', '2026-11-20T11:00:00Z'),
      evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
      { ...evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'), ...other },
    ),
  ).resolves.toMatchObject([
    { accountId: '111122223333', command: 'S3_ENABLE_VERSIONING', compliant: 1, nonCompliant: 1 },
    { accountId: '111122223333', ...other, compliant: 0, nonCompliant: 1 },
  ]);
});

test('exempt and excluded resources count among the others of their verdict, and apart', async () => {
  const at = '2026-11-20T10:00:00Z';
  await expect(
    countsOf(
      { ...evaluated('a', 'NOT_APPLICABLE', at), exemption: 'EX-1' } as AuditEvent,
      evaluated('b', 'NOT_APPLICABLE', at),
      { ...evaluated('c', 'NON_COMPLIANT', at), excluded: 'aws-controltower*' } as AuditEvent,
      evaluated('d', 'NON_COMPLIANT', at),
    ),
  ).resolves.toMatchObject([{ notApplicable: 2, exempt: 1, nonCompliant: 2, excluded: 1, compliant: 0 }]);
});
