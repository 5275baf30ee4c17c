import * as z from 'zod';

import type { Plan } from '../plan/plan.ts';
import type { RuleScope } from './limits.ts';
import { LONGEST_RUN_MS } from './open-changes.ts';
import type { Table, TableItem } from './table.ts';

/**
 * Index from a rule to the plans and decisions of one account and Region whose events may not be published.
 * A note is written before the row that holds the events, and removed once they are published. When the run ends in
 * between, and nobody reads the plan again because its violation is gone, the next sweep of the rule finds the note.
 */
const Unpublished = z.object({
  planId: z.string(),
  /** Noted apart: another function may publish the plan and not the decision. */
  kind: z.enum(['plan', 'decision']),
  /** Until then, the run that wrote the note may still publish. */
  endsAt: z.iso.datetime(),
});

export type Note = Pick<TableItem, 'pk' | 'sk' | 'version'>;
export type NotedKind = z.infer<typeof Unpublished>['kind'];
export interface UnpublishedNote extends Readonly<z.infer<typeof Unpublished>> {
  readonly note: Note;
}

/** Notes that a row of a plan is about to hold events. Another run's note is replaced, so that only the last is removed. */
export const noteUnpublished = async (
  table: Table,
  { plan, kind }: { readonly plan: Plan; readonly kind: NotedKind },
  { now, expiresAt }: { readonly now: Date; readonly expiresAt: Date },
): Promise<Note> => {
  const key = { pk: partitionOf(plan), sk: `${plan.id}#${kind}` };
  const data = { planId: plan.id, kind, endsAt: new Date(now.getTime() + LONGEST_RUN_MS).toISOString() };
  let expected = 0;
  // Of many runs that plan the same at once, each succeeds in its turn.
  while (!(await table.put({ ...key, data, expected, expiresAt })))
    expected = (await table.get(key.pk, key.sk))?.version ?? 0;
  return { ...key, version: expected + 1 };
};

/** Removes a note, unless another run has replaced it. */
export const removeNote = async (table: Table, { pk, sk, version }: Note): Promise<void> => {
  await table.remove(pk, sk, version);
};

/** The notes whose run has certainly ended. They are few: runs that were killed. */
export const listUnpublished = async (
  table: Table,
  scope: RuleScope,
  now: Date,
): Promise<readonly UnpublishedNote[]> => {
  const rows = await Array.fromAsync(table.query(partitionOf(scope)));
  return rows
    .map(({ pk, sk, version, data }) => ({ note: { pk, sk, version }, ...Unpublished.parse(data) }))
    .filter(({ endsAt }) => new Date(endsAt) <= now);
};

const partitionOf = ({ accountId, region, command }: RuleScope) =>
  `unpublished#${accountId}#${region}#${command}`;
