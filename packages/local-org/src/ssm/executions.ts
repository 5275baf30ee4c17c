import { partitionOf } from '@compliance/core';
import { randomUUID } from 'node:crypto';

import type { OrgEvents } from '../base/org-event.ts';
import { type Place, samePlace } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import type { AutomationDocument } from './automation-document.ts';
import { automationParameterValues } from './automation-parameters.ts';
import type { Documents } from './documents.ts';
import { runForEachTarget, type RateControl } from './rate-control.ts';
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
  readonly rateControl?: RateControl | undefined;
  /** The rate-controlled execution that started this one, for one of its targets. */
  readonly parent?: { readonly id: string; readonly target: string } | undefined;
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
  /** Runs the document once for each target, instead of once. */
  readonly rateControl?: RateControl | undefined;
}

interface Started {
  readonly execution: Execution;
  readonly ended: Promise<Execution>;
}

export interface Executions {
  /** Starts an execution in the background; `ended` resolves when it has ended. */
  readonly start: (place: Place, request: StartRequest) => Promise<Started>;
  readonly stop: (execution: Execution) => void;
  readonly of: (place: Place) => readonly Execution[];
}

const MAX_EXECUTIONS = 5000;

export const createExecutions = (deps: ExecutionsDependencies): Executions => {
  const executions = new Map<string, Execution>();

  const start = async (
    place: Place,
    { documentName, documentVersion, parameters, startedBy, rateControl }: StartRequest,
    parent?: Execution['parent'],
  ): Promise<Started> => {
    const { document, version } = await deps.documents.read(place, documentName, documentVersion);
    const execution: Execution = {
      place: { accountId: place.accountId, region: place.region },
      id: randomUUID(),
      documentName,
      documentVersion: version,
      parameters,
      startedAt: deps.now(),
      startedBy,
      steps: [],
      rateControl,
      parent,
      status: 'InProgress',
      outputs: {},
    };
    const { id } = execution;
    const isCancelled = () => execution.status === 'Cancelling';
    const startOne = async (target: string) => {
      const own = { ...parameters, ...(rateControl && { [rateControl.parameterName]: [target] }) };
      const request = { documentName, documentVersion: version, parameters: own, startedBy };
      const child = await (await start(place, request, { id, target })).ended;
      return child.status === 'Success' ? undefined : (child.failure ?? child.status);
    };
    const run = rateControl
      ? async () => runForEachTarget(rateControl, startOne, isCancelled)
      : runOne(deps, execution, document, automationParameterValues(document, parameters), isCancelled);

    executions.set(id, execution);
    const [oldest] = executions.keys();
    if (executions.size > MAX_EXECUTIONS && oldest !== undefined) executions.delete(oldest);
    deps.events.emit({
      type: 'AutomationStarted',
      place: execution.place,
      executionId: id,
      document: documentName,
      parameters,
    });
    const ended = deps.work.track(`running ${documentName} in ${place.accountId}`, async () => {
      endExecution(deps, execution, await run());
      return execution;
    });
    return { execution, ended };
  };

  return {
    start: async (place, request) => start(place, request),
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

type Ended = Pick<AutomationRun, 'status' | 'outputs' | 'failure'>;

const runOne = (
  { perform }: ExecutionsDependencies,
  execution: Execution,
  document: AutomationDocument,
  values: Variables,
  isCancelled: () => boolean,
): (() => Promise<Ended>) => {
  const { place, id } = execution;
  const variables: Variables = new Map([...values, ...globals(execution)]);
  const context: StepContext = {
    place,
    executionArn: `arn:${partitionOf(place.region)}:ssm:${place.region}:${place.accountId}:automation-execution/${id}`,
    assumeRole: substituteText(document.assumeRole ?? '', variables),
  };
  return async () =>
    runAutomation(document, variables, {
      perform: async (step) => perform(context, step),
      onStep: (step) => execution.steps.push(step),
      isCancelled,
    });
};

const endExecution = (
  { now, events }: ExecutionsDependencies,
  execution: Execution,
  { status, outputs, failure }: Ended,
): void => {
  Object.assign(execution, { status, outputs, failure, endedAt: now() });
  const { place, id } = execution;
  events.emit({
    type: 'AutomationEnded',
    place,
    executionId: id,
    status,
    ...(failure === undefined ? {} : { failure }),
  });
};
