import type { AuditEvent } from '@compliance/core';

import type { Ledger, ReadOptions } from './ledger.ts';
import type { Skipped } from './skipped.ts';
import { subjectKey, subjectOf, type Subject } from './subject.ts';

/** What a story is asked for by. */
export type StoryTarget =
  | { readonly changeId: string }
  | { readonly planId: string }
  | { readonly arn: string };

/** Everything that happened to one finding: one rule and one resource. */
export interface Story extends Subject {
  /** In the order in which it happened. */
  readonly events: readonly AuditEvent[];
}

/**
 * Finds the stories of the findings that a change, a plan or a resource is about, by rule. Events of schema 1 have no
 * thread, so that rule and resource identify the finding. Memory grows with these stories alone.
 */
export const findStories = async (
  ledger: Ledger,
  target: StoryTarget,
  { from, onSkipped }: Pick<ReadOptions, 'from' | 'onSkipped'>,
): Promise<readonly Story[]> => {
  const range = from ? { from } : {};
  const stories = new Map<string, Subject & { events: AuditEvent[] }>();
  const places = 'arn' in target ? range : { ...range, only: 'actions' as const };
  // The second read reports the same lines. Without one, they may be why nothing was found.
  const skipped: Skipped[] = [];
  for await (const event of ledger.read({ ...places, onSkipped: (one) => void skipped.push(one) })) {
    const subject = isAbout(event, target) ? subjectOf(event) : undefined;
    if (subject) stories.set(subjectKey(subject), { ...subject, events: [] });
  }
  if (stories.size === 0) {
    if (onSkipped) for (const one of skipped) onSkipped(one);
    return [];
  }
  for await (const event of ledger.read({ ...range, ...(onSkipped && { onSkipped }) })) {
    const subject = subjectOf(event);
    if (subject) stories.get(subjectKey(subject))?.events.push(event);
  }
  return [...stories.values()]
    .map((story) => ({ ...story, events: story.events.toSorted(byOccurrence) }))
    .toSorted((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));
};

const isAbout = (event: AuditEvent, target: StoryTarget): boolean => {
  if ('changeId' in target) return 'changeId' in event && event.changeId === target.changeId;
  if ('planId' in target) return planIdIn(event) === target.planId;
  // For some types, AWS Config's id is the ARN.
  return [event.resource?.arn, event.resource?.resourceId].includes(target.arn);
};

const planIdIn = (event: AuditEvent): string | undefined => {
  if (event.type === 'plan-created') return event.plan.id;
  return 'planId' in event ? event.planId : undefined;
};

// One function writes a verdict and its plan in the same millisecond.
const RANKS: Partial<Record<AuditEvent['type'], number>> = {
  'evaluation-failed': 0,
  'resource-evaluated': 0,
  'plan-created': 1,
  'plan-decided': 2,
  'remediation-finished': 3,
  'change-undone': 4,
};

const byOccurrence = (a: AuditEvent, b: AuditEvent): number =>
  Date.parse(a.time) - Date.parse(b.time) || (RANKS[a.type] ?? 0) - (RANKS[b.type] ?? 0);
