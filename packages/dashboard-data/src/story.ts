import * as z from 'zod/mini';

import { Seconds } from './columns.ts';

/** What happened in a step. The words are those of `compliance ledger show`. */
export const STEPS = [
  'found',
  'compliant',
  'exempt',
  'not-applicable',
  'not-judged',
  'planned',
  'approved',
  'rejected',
  'superseded',
  'applied',
  'verified',
  'failed',
  'waiting',
  'skipped',
  'manual',
  'refused',
  'undone',
  'undo-failed',
  'undo-refused',
] as const;
export type Step = (typeof STEPS)[number];

const StoryStep = z.object({
  time: Seconds,
  step: z.enum(STEPS),
  /** What was found, planned or changed; or the reason of a decision. */
  text: z.string(),
  /** Who asked for it, as STS proved it. */
  actor: z.optional(z.string()),
  planId: z.optional(z.string()),
  changeId: z.optional(z.string()),
  /** The calls and edits that were made, with their outcomes. */
  calls: z.optional(z.array(z.string())),
  /** What the verdict depends on, as JSON; of a fix or undo, after it. */
  facts: z.optional(z.unknown()),
  /** Of a fix or an undo: before it. */
  factsBefore: z.optional(z.unknown()),
});
export type StoryStep = z.infer<typeof StoryStep>;

/** Everything that happened to one resource under one rule, in the order in which it happened. */
export const Story = z.object({
  /** Index of a rule. */
  rule: z.int(),
  resource: z.string(),
  name: z.optional(z.string()),
  type: z.string(),
  region: z.string(),
  owner: z.optional(z.string()),
  steps: z.array(StoryStep),
});
export type Story = z.infer<typeof Story>;
