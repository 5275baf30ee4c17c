import type { StepOutcome, UndoAction } from '@compliance/core';

import { UNDO_OF_EDIT, describeCall, describeEdit } from '../../output/describe-plan.ts';
import type { FoundChange, ListedChange } from './find-changes.ts';

/** A change in one line. */
export const changeLine = (change: ListedChange): string => {
  const { changeId, time, outcome, accountId, region, description, by, canBeUndone, whyNot } = change;
  const when = `${time.slice(0, 16).replace('T', ' ')}Z`;
  const undo = canBeUndone ? 'can be undone' : `no undo: ${whyNot}`;
  return `${changeId}  ${when}  ${outcome.padEnd(12)} ${accountId} ${region}  ${description}${askedBy(by)} (${undo})\n`;
};

const askedBy = (by: string | undefined) => (by === undefined ? '' : `, asked for by ${by}`);

/** A change for a person at a terminal: what it did step by step, and how it is taken back. */
export const describeChange = (change: FoundChange): string =>
  [
    change.description,
    `  ${change.changeId}, of ${change.planId}`,
    `  ${change.resource.resourceType} ${change.resource.resourceId} in ${change.accountId} ${change.region}`,
    `  Begun by ${change.command} at ${change.startedAt}${askedBy(change.by)}`,
    `  Before: ${JSON.stringify(change.factsBefore)}`,
    `  After: ${change.factsAfter === undefined ? 'not seen' : JSON.stringify(change.factsAfter)}`,
    ...change.steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`),
    ...(change.undoLeaves === undefined ? [] : [`An undo leaves: ${JSON.stringify(change.undoLeaves)}`]),
    `Status: ${change.status}`,
    change.canBeUndone ? `To undo it: compliance undo ${change.changeId}` : `No undo: ${change.whyNot}`,
    '',
  ].join('\n');

const describeStep = ({ intent, outcome, undo }: FoundChange['steps'][number]): string =>
  [
    intent.type === 'call' ? describeCall(intent) : describeEdit(intent),
    `   Outcome: ${describeOutcome(outcome)}`,
    `   Undo: ${describeWayBack(undo)}`,
  ].join('\n');

const describeOutcome = (outcome: StepOutcome | undefined): string => {
  if (outcome === undefined) return 'unknown, the run was killed around it';
  return outcome.type === 'failed' ? `failed: ${outcome.error}` : outcome.type;
};

const describeWayBack = (way: UndoAction): string => {
  switch (way.type) {
    case 'nothing':
      return `nothing, for ${way.reason}`;
    case 'call':
      return describeCall(way.call);
    case 'edit':
      return UNDO_OF_EDIT;
    case 'impossible':
      return way.reason;
    default:
      throw new Error(`Unknown way back ${JSON.stringify(way satisfies never)}`);
  }
};
