import type { StepOutcome, UndoAction } from '@compliance/core';
import { oneLine } from '@compliance/core/printable';

import { UNDO_OF_EDIT, describeCall, describeEdit, describeUndoLeaves } from '../../output/describe-plan.ts';
import type { FoundChange, ListedChange } from './find-changes.ts';

/** Formats a change as one line. */
export const changeLine = (change: ListedChange): string => {
  const { changeId, time, outcome, accountId, region, description, by, canBeUndone, whyNot } = change;
  const when = `${time.slice(0, 16).replace('T', ' ')}Z`;
  const undo = canBeUndone ? 'can be undone' : `no undo: ${whyNot}`;
  const line = `${changeId}  ${when}  ${outcome.padEnd(12)} ${accountId} ${region}  ${description}${requestedBy(by)} (${undo})`;
  return `${oneLine(line)}\n`;
};

const requestedBy = (by: string | undefined) => (by === undefined ? '' : `, requested by ${by}`);

/** Formats a change for a terminal: each step, its outcome and its undo. */
export const describeChange = (change: FoundChange): string =>
  [
    oneLine(change.description),
    `  ${change.changeId}, of ${change.planId}`,
    oneLine(
      `  ${change.resource.resourceType} ${change.resource.resourceId} in ${change.accountId} ${change.region}`,
    ),
    `  Rule ${change.command}, started at ${change.startedAt}${requestedBy(change.by)}`,
    `  Before: ${JSON.stringify(change.factsBefore)}`,
    `  After: ${change.factsAfter === undefined ? 'unknown' : JSON.stringify(change.factsAfter)}`,
    ...change.steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`),
    ...describeUndoLeaves(change),
    `Status: ${change.status}`,
    change.canBeUndone
      ? `Undo with: compliance undo ${change.changeId}`
      : oneLine(`No undo: ${change.whyNot}`),
    '',
  ].join('\n');

const describeStep = ({ intent, outcome, undo }: FoundChange['steps'][number]): string =>
  [
    intent.type === 'call' ? describeCall(intent) : describeEdit(intent),
    `   Outcome: ${describeOutcome(outcome)}`,
    `   Undo: ${describeUndo(undo)}`,
  ].join('\n');

const describeOutcome = (outcome: StepOutcome | undefined): string => {
  if (outcome === undefined) return 'unknown: the run was interrupted';
  return outcome.type === 'failed' ? oneLine(`failed: ${outcome.error}`) : outcome.type;
};

const describeUndo = (action: UndoAction): string => {
  switch (action.type) {
    case 'nothing':
      return `nothing to undo: ${action.reason}`;
    case 'call':
      return describeCall(action.call);
    case 'edit':
      return UNDO_OF_EDIT;
    case 'impossible':
      return action.reason;
    default:
      throw new Error(`Unknown undo ${JSON.stringify(action satisfies never)}`);
  }
};
