import { describeDelta, type Plan, type PlannedStep } from '@compliance/core';
import { oneLine } from '@compliance/core/printable';

type CallStep = Extract<PlannedStep, { type: 'call' }>;
type EditStep = Extract<PlannedStep, { type: 'edit' }>;

/** Formats a plan for a terminal: each call or edit, and its undo. */
export const describePlan = (plan: Plan): string =>
  [
    oneLine(`${plan.description}  [${plan.risk}]`),
    `  ${plan.id}`,
    oneLine(
      `  ${plan.resource.resourceType} ${plan.resource.resourceId} in ${plan.accountId} ${plan.region}`,
    ),
    oneLine(`  Reason: ${plan.annotation}`),
    ...plan.steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`),
    ...inCode(plan),
    ...describeUndoLeaves(plan),
    '',
  ].join('\n');

/** Formats what an undo does not bring back, where AWS has no way to. */
export const describeUndoLeaves = ({ undoLeaves }: { readonly undoLeaves?: unknown }): readonly string[] =>
  undoLeaves === undefined ? [] : [`  State after an undo: ${JSON.stringify(undoLeaves)}`];

const inCode = ({ inCode: snippets }: Plan): readonly string[] =>
  snippets === undefined
    ? []
    : [
        `  In Terraform: ${snippets.terraform}`,
        ...(snippets.cloudFormation === undefined ? [] : [`  In CloudFormation: ${snippets.cloudFormation}`]),
      ];

const describeStep = (step: PlannedStep): string => {
  switch (step.type) {
    case 'call':
      return `${describeCall(step)}\n   Undo: ${describeUndo(step.undo)}`;
    case 'edit':
      return `${describeEdit(step)}\n   Undo: ${UNDO_OF_EDIT}`;
    default:
      throw new Error(`Unknown step ${JSON.stringify(step satisfies never)}`);
  }
};

export const UNDO_OF_EDIT = 'reverts only these fields; later changes elsewhere are kept';

/** Formats a call: `s3:PutBucketVersioning in eu-west-1 {…}`. */
export const describeCall = ({ operation, region, input }: Omit<CallStep, 'type' | 'undo'>) =>
  `${operation}${inRegion(region)} ${JSON.stringify(input)}`;

/** Formats an edit: the document, and a line for each field that changes. */
export const describeEdit = ({ document, key, region, difference }: EditStep): string =>
  [
    `edit ${[document, key].filter(Boolean).join(' ')}${inRegion(region)}`,
    ...difference.map((delta) => `   ${describeDelta(delta)}`),
  ].join('\n');

const inRegion = (region: string | undefined) => (region === undefined ? '' : ` in ${region}`);

const describeUndo = (undo: CallStep['undo']): string => {
  if ('impossible' in undo) return `impossible: ${undo.impossible}`;
  if ('afterAnswer' in undo) return 'known after the call';
  return describeCall(undo);
};
