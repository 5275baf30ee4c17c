import { describeDelta, type Plan, type PlannedStep } from '@compliance/core';

/** A plan for a person at a terminal: each call, and what takes it back. */
export const describePlan = (plan: Plan): string =>
  [
    `${plan.description}  [${plan.risk}]`,
    `  ${plan.id}`,
    `  ${plan.resource.resourceType} ${plan.resource.resourceId} in ${plan.accountId} ${plan.region}`,
    `  Why: ${plan.annotation}`,
    ...plan.steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`),
    ...inCode(plan),
    ...(plan.undoLeaves === undefined ? [] : [`An undo leaves: ${JSON.stringify(plan.undoLeaves)}`]),
    '',
  ].join('\n');

const inCode = ({ inCode: words }: Plan): readonly string[] =>
  words === undefined
    ? []
    : [
        `  In Terraform: ${words.terraform}`,
        ...(words.cloudFormation === undefined ? [] : [`  In CloudFormation: ${words.cloudFormation}`]),
      ];

const describeStep = (step: PlannedStep): string => {
  const where = step.region === undefined ? '' : ` in ${step.region}`;
  switch (step.type) {
    case 'call':
      return `${step.operation}${where} ${JSON.stringify(step.input)}\n   Undo: ${describeUndo(step.undo)}`;
    case 'edit':
      return [
        `edit ${[step.document, step.key].filter(Boolean).join(' ')}${where}`,
        ...step.difference.map((delta) => `   ${describeDelta(delta)}`),
        '   Undo: the same places back, whatever else has changed since',
      ].join('\n');
    default:
      throw new Error(`Unknown step ${JSON.stringify(step satisfies never)}`);
  }
};

const describeUndo = (undo: Extract<PlannedStep, { type: 'call' }>['undo']): string => {
  if ('impossible' in undo) return `impossible: ${undo.impossible}`;
  if ('afterAnswer' in undo) return 'known once AWS has answered';
  return `${undo.operation} ${JSON.stringify(undo.input)}`;
};
