import * as z from 'zod';

import { bestEffort } from '../base/best-effort.ts';
import { transient } from '../base/errors.ts';
import type { FixTarget } from './limits.ts';
import type { Table } from './table.ts';

/** The run that may fix a resource by a rule, until it ends or is certainly over. */
const Claim = z.object({ executionId: z.string(), endsAt: z.iso.datetime() });
type Claim = Readonly<z.infer<typeof Claim>>;

/** Lambda's longest time-out. */
const LONGEST_RUN_MS = 15 * 60_000;

interface ClaimContext {
  readonly table: Table;
  readonly executionId: string;
  readonly now: () => Date;
  /** When Lambda ends this run at the latest. */
  readonly endsAt?: Date | undefined;
}

/**
 * Runs `work` while no other run fixes the same resource by the same rule.
 * Two automations that were started at once would otherwise both see the violation, and both change the resource. A run
 * that fails releases its claim, so that the automation's retry goes on at once. After a run that was killed, the retry
 * waits until that has certainly ended.
 * @throws {ComplianceError} transient `still-applying` while another run may be at work
 */
export const withResourceClaim = async <T>(
  target: FixTarget,
  { table, executionId, now, endsAt = new Date(now().getTime() + LONGEST_RUN_MS) }: ClaimContext,
  work: () => Promise<T>,
): Promise<T> => {
  const key = { pk: partitionOf(target), sk: SORT_KEY };
  const row = await table.get(key.pk, key.sk);
  if (row) assertFree(Claim.parse(row.data), { target, now: now() });
  const claim: Claim = { executionId, endsAt: endsAt.toISOString() };
  const expected = row?.version ?? 0;
  if (!(await table.put({ ...key, data: claim, expected, expiresAt: endsAt }))) throw held(target);
  try {
    return await work();
  } finally {
    await bestEffort(
      `The claim on ${target.resourceId} ends at ${claim.endsAt}`,
      () => table.remove(key.pk, key.sk, expected + 1),
      false,
    );
  }
};

const assertFree = (
  held: Claim,
  { target, now }: { readonly target: FixTarget; readonly now: Date },
): void => {
  if (now < new Date(held.endsAt)) throw heldBy(target, held);
};

const heldBy = ({ resourceId, command }: FixTarget, { executionId, endsAt }: Claim) =>
  transient(
    'still-applying',
    `${executionId} may be fixing ${resourceId} by ${command} until ${endsAt}. Try again later.`,
  );

const held = ({ resourceId, command }: FixTarget) =>
  transient(
    'still-applying',
    `Another run has just begun to fix ${resourceId} by ${command}. Try again later.`,
  );

const SORT_KEY = 'claim';
const partitionOf = ({ accountId, region, command, resourceId }: FixTarget) =>
  `claim#${accountId}#${region}#${command}#${resourceId}`;
