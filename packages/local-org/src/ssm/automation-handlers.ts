import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { AutomationDocumentError } from './automation-document.ts';
import type { Execution, Executions } from './executions.ts';
import { RateControlRequest, rateControlOf } from './rate-control.ts';
import type { StepRun } from './run-automation.ts';

const StartRequest = z.object({
  DocumentName: z.string().min(1).max(128),
  DocumentVersion: z.string().optional(),
  Parameters: z.record(z.string().max(50), z.array(z.string().max(512))).optional(),
  ...RateControlRequest.shape,
});
const IdRequest = z.object({ AutomationExecutionId: z.string() });
const DescribeRequest = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1) })).optional(),
  MaxResults: z.int().min(1).max(50).optional(),
  NextToken: z.string().optional(),
});

/** SSM's operations on automation executions; documents are in the emulator. */
export const createAutomationHandlers = (executions: Executions) => {
  const getOrThrow = (call: Call): Execution => {
    const { AutomationExecutionId: id } = parseInput(IdRequest, call.input);
    const execution = executions.of(call).find((candidate) => candidate.id === id);
    if (execution !== undefined) return execution;
    throw awsError('AutomationExecutionNotFoundException', `Automation execution ${id} does not exist.`, 400);
  };

  return {
    'ssm:StartAutomationExecution': async (call: Call) => {
      const request = parseInput(StartRequest, call.input);
      try {
        const { execution, ended } = await executions.start(call, {
          documentName: request.DocumentName,
          documentVersion: request.DocumentVersion,
          parameters: request.Parameters ?? {},
          startedBy: call.principal.arn,
          rateControl: rateControlOf(request),
        });
        ended.catch((error: unknown) => {
          Object.assign(execution, { status: 'Failed', failure: String(error) });
        });
        return { AutomationExecutionId: execution.id };
      } catch (error) {
        if (!(error instanceof AutomationDocumentError)) throw error;
        throw awsError('InvalidDocumentContent', error.message, 400);
      }
    },
    'ssm:GetAutomationExecution': async (call: Call) => {
      const execution = getOrThrow(call);
      return {
        AutomationExecution: {
          ...metadata(execution),
          Parameters: execution.parameters,
          StepExecutions: execution.steps.map(stepExecution),
        },
      };
    },
    'ssm:DescribeAutomationExecutions': async (call: Call) => {
      const request = parseInput(DescribeRequest, call.input);
      const matching = executions
        .of(call)
        .filter((execution) =>
          (request.Filters ?? []).every((filter) =>
            filter.Values.includes(filterValue(execution, filter.Key)),
          ),
        )
        .toReversed();
      const { items, nextToken } = page(matching, {
        limit: request.MaxResults ?? 50,
        nextToken: request.NextToken,
      });
      return { AutomationExecutionMetadataList: items.map(metadata), NextToken: nextToken };
    },
    'ssm:StopAutomationExecution': async (call: Call) => {
      executions.stop(getOrThrow(call));
      return {};
    },
  };
};

const filterValue = (execution: Execution, key: string): string => {
  switch (key) {
    case 'ExecutionStatus':
      return execution.status;
    case 'ExecutionId':
      return execution.id;
    case 'DocumentNamePrefix':
      return execution.documentName;
    default:
      throw awsError(
        'InvalidFilterKey',
        `Not supported by the local SSM: filter ${key}. Use ExecutionStatus, ExecutionId or DocumentNamePrefix.`,
        400,
      );
  }
};

const metadata = (execution: Execution) => ({
  AutomationExecutionId: execution.id,
  DocumentName: execution.documentName,
  DocumentVersion: execution.documentVersion,
  AutomationExecutionStatus: execution.status,
  ExecutionStartTime: toJsonTime(execution.startedAt),
  ExecutionEndTime: execution.endedAt === undefined ? undefined : toJsonTime(execution.endedAt),
  ExecutedBy: execution.startedBy,
  FailureMessage: execution.failure,
  Mode: 'Auto',
  ParentAutomationExecutionId: execution.parent?.id,
  Target: execution.parent?.target,
  TargetParameterName: execution.rateControl?.parameterName,
  Targets: execution.rateControl && [{ Key: 'ParameterValues', Values: execution.rateControl.targets }],
  Outputs: outputLists(execution.outputs),
});

const stepExecution = (step: StepRun) => ({
  StepName: step.name,
  Action: step.action,
  StepStatus: step.status,
  Outputs: outputLists(step.outputs),
  FailureMessage: step.failure,
});

/** SSM returns outputs as lists of text. */
const outputLists = (outputs: Readonly<Record<string, unknown>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      [typeof value === 'string' ? value : JSON.stringify(value)],
    ]),
  );
