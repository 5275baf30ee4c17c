import { partitionOf } from '@compliance/core';
import { randomUUID } from 'node:crypto';

import type { OrgEvents } from '../base/org-event.ts';
import { type Place, samePlace } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import { automationParameterValues } from './automation-parameters.ts';
import type { Documents } from './documents.ts';
import { type ActionStep, type AutomationRun, runAutomation, type StepRun } from './run-automation.ts';
import { substituteText, type Variables } from './variables.ts';

export interface Execution {
  readonly place: Place;
  readonly id: string;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly startedAt: Date;
  readonly startedBy: string;
  readonly steps: StepRun[];
  status: 'InProgress' | 'Cancelling' | AutomationRun['status'];
  endedAt?: Date;
  outputs: AutomationRun['outputs'];
  failure?: string | undefined;
}

export interface ExecutionsDependencies {
  readonly now: () => Date;
  readonly work: Work;
  readonly events: OrgEvents;
  readonly documents: Documents;
  readonly perform: (context: StepContext, step: ActionStep) => Promise<Readonly<Record<string, unknown>>>;
}

/** The account, Region and role in which a step runs. */
export interface StepContext {
  readonly place: Place;
  readonly executionArn: string;
  readonly assumeRole: string;
}

interface StartRequest {
  readonly documentName: string;
  readonly documentVersion?: string | undefined;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly startedBy: string;
}

export interface Executions {
  /** Starts an execution in the background; `ended` resolves when it has ended. */
  readonly start: (
    place: Place,
    request: StartRequest,
  ) => Promise<{ readonly execution: Execution; readonly ended: Promise<Execution> }>;
  readonly stop: (execution: Execution) => void;
  readonly of: (place: Place) => readonly Execution[];
}

const MAX_EXECUTIONS = 5000;

export const createExecutions = (deps: ExecutionsDependencies): Executions => {
  const executions = new Map<string, Execution>();
  return {
    start: async (place, request) => {
      const { document, version } = await deps.documents.read(
        place,
        request.documentName,
        request.documentVersion,
      );
      const values = automationParameterValues(document, request.parameters);
      const { documentName, parameters, startedBy } = request;
      const execution: Execution = {
        place: { accountId: place.accountId, region: place.region },
        id: randomUUID(),
        documentName,
        documentVersion: version,
        parameters,
        startedAt: deps.now(),
        startedBy,
        steps: [],
        status: 'InProgress',
        outputs: {},
      };
      executions.set(execution.id, execution);
      const [oldest] = executions.keys();
      if (executions.size > MAX_EXECUTIONS && oldest !== undefined) executions.delete(oldest);
      deps.events.emit({
        type: 'AutomationStarted',
        place: execution.place,
        executionId: execution.id,
        document: documentName,
        parameters,
      });

      const variables: Variables = new Map([...values, ...globals(execution)]);
      const ended = deps.work.track(`running ${documentName} in ${place.accountId}`, async () => {
        await run(deps, execution, document, variables);
        return execution;
      });
      return { execution, ended };
    },
    stop: (execution) => {
      if (execution.status === 'InProgress') execution.status = 'Cancelling';
    },
    of: (place) => [...executions.values()].filter((execution) => samePlace(execution.place, place)),
  };
};

const globals = ({ place, id, startedAt }: Execution): [string, unknown][] => [
  ['global:ACCOUNT_ID', place.accountId],
  ['global:REGION', place.region],
  ['global:AWS_PARTITION', partitionOf(place.region)],
  ['global:DATE', startedAt.toISOString().slice(0, 10)],
  ['global:DATE_TIME', startedAt.toISOString().slice(0, 19)],
  ['automation:EXECUTION_ID', id],
];

const run = async (
  { perform, now, events }: ExecutionsDependencies,
  execution: Execution,
  document: Parameters<typeof runAutomation>[0],
  variables: Variables,
): Promise<void> => {
  const { place, id } = execution;
  const context: StepContext = {
    place,
    executionArn: `arn:${partitionOf(place.region)}:ssm:${place.region}:${place.accountId}:automation-execution/${id}`,
    assumeRole: substituteText(document.assumeRole ?? '', variables),
  };
  const ended = await runAutomation(document, variables, {
    perform: async (step) => perform(context, step),
    onStep: (step) => execution.steps.push(step),
    isCancelled: () => execution.status === 'Cancelling',
  });
  execution.status = ended.status;
  execution.outputs = ended.outputs;
  execution.failure = ended.failure;
  execution.endedAt = now();
  const failure = ended.failure === undefined ? {} : { failure: ended.failure };
  events.emit({ type: 'AutomationEnded', place, executionId: id, status: ended.status, ...failure });
};
