import type { AutomationDocument, Step } from './automation-document.ts';
import { branchTarget } from './branch.ts';
import { substitute, type Variables } from './variables.ts';

/** The execution of one step. */
export interface StepRun {
  readonly name: string;
  readonly action: Step['action'];
  readonly status: 'Success' | 'Failed';
  readonly attempts: number;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly failure?: string;
}

export interface AutomationRun {
  readonly status: 'Success' | 'Failed' | 'Cancelled';
  readonly steps: readonly StepRun[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly failure?: string;
}

export type ActionStep = Exclude<Step, { action: 'aws:branch' }>;

export interface AutomationDependencies {
  /** Performs a step whose variables are replaced; returns the outputs of the step. */
  readonly perform: (step: ActionStep) => Promise<Readonly<Record<string, unknown>>>;
  readonly onStep?: (run: StepRun) => void;
  /** Whether the execution was stopped: then no further step begins. */
  readonly isCancelled?: () => boolean;
}

/** A document that runs more steps loops forever. */
const MAX_STEPS = 1000;

/** Runs the steps of a document. Does not call AWS: `perform` does. */
export const runAutomation = async (
  document: AutomationDocument,
  parameters: Variables,
  { perform, onStep, isCancelled = () => false }: AutomationDependencies,
): Promise<AutomationRun> => {
  const variables = new Map(parameters);
  const steps: StepRun[] = [];
  let criticalFailure: string | undefined;
  const end = (status: AutomationRun['status'], failure?: string): AutomationRun => ({
    status,
    steps,
    outputs: outputsOf(document, variables),
    ...(failure === undefined ? {} : { failure }),
  });

  let index = 0;
  while (index < document.mainSteps.length) {
    const step = document.mainSteps[index];
    if (step === undefined) break;
    if (isCancelled()) return end('Cancelled');
    if (steps.length >= MAX_STEPS)
      return end('Failed', `Stopped after ${MAX_STEPS} steps: the document loops.`);
    const run = await runStep(step, variables, perform);
    steps.push(run);
    onStep?.(run);
    for (const [name, value] of Object.entries(run.outputs)) variables.set(`${step.name}.${name}`, value);

    const failure = run.status === 'Failed' ? `Step ${step.name} failed: ${run.failure ?? ''}` : undefined;
    // A failed step that is not critical does not fail the execution.
    if (failure !== undefined && step.isCritical !== false) criticalFailure ??= failure;
    const next = nextStep(document, index, step, run);
    if (next === 'abort') return end('Failed', failure);
    index = next;
  }
  return criticalFailure === undefined ? end('Success') : end('Failed', criticalFailure);
};

const runStep = async (
  step: Step,
  variables: Variables,
  perform: AutomationDependencies['perform'],
): Promise<StepRun> => {
  const { name, action, maxAttempts = 1 } = step;
  let failure = '';
  let attempts = 0;
  while (attempts < maxAttempts) {
    attempts += 1;
    try {
      const outputs = await outputsOfStep(step, variables, perform);
      return { name, action, status: 'Success', attempts, outputs };
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }
  return { name, action, status: 'Failed', attempts, outputs: {}, failure };
};

const outputsOfStep = async (
  step: Step,
  variables: Variables,
  perform: AutomationDependencies['perform'],
): Promise<Readonly<Record<string, unknown>>> => {
  if (step.action !== 'aws:branch') {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- substitution keeps the shape; only texts change
    return perform({ ...step, inputs: substitute(step.inputs, variables) } as ActionStep);
  }
  const target = branchTarget(step.inputs, variables);
  return target === undefined ? {} : { NextStep: target };
};

/** The index of the next step; `mainSteps.length` after the last. */
const nextStep = (
  { mainSteps }: AutomationDocument,
  index: number,
  step: Step,
  run: StepRun,
): number | 'abort' => {
  const indexOf = (name: string): number => mainSteps.findIndex((candidate) => candidate.name === name);
  if (run.status === 'Failed') {
    const { onFailure = 'Abort' } = step;
    if (onFailure.startsWith('step:')) return indexOf(onFailure.slice('step:'.length));
    if (onFailure === 'Abort') return 'abort';
  }
  const chosen = run.outputs['NextStep'];
  if (step.action === 'aws:branch' && typeof chosen === 'string') return indexOf(chosen);
  if (step.isEnd === true) return mainSteps.length;
  return step.nextStep === undefined ? index + 1 : indexOf(step.nextStep);
};

const outputsOf = ({ outputs = [] }: AutomationDocument, variables: Variables): Record<string, unknown> =>
  Object.fromEntries(
    outputs.filter((name) => variables.has(name)).map((name) => [name, variables.get(name)]),
  );
