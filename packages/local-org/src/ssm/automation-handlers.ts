import * as z from 'zod';

import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { toJsonTime } from '../base/json-time.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import type { StepRun } from './run-automation.ts';
import { AutomationDocumentError } from './automation-document.ts';
import type { Execution, Executions } from './executions.ts';

const StartRequest = z.object({
  DocumentName: z.string().min(1).max(128),
  DocumentVersion: z.string().optional(),
  Parameters: z.record(z.string().max(50), z.array(z.string().max(512))).optional(),
});
const IdRequest = z.object({ AutomationExecutionId: z.string() });
const DescribeRequest = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1) })).optional(),
  MaxResults: z.int().min(1).max(50).optional(),
  NextToken: z.string().optional(),
});

/** SSM's operations on automations; documents themselves are the emulator's. */
export const createAutomationHandlers = (executions: Executions) => {
  const need = (call: Call): Execution => {
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
      const execution = need(call);
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
      const wanted = executions
        .of(call)
        .filter((execution) =>
          (request.Filters ?? []).every((filter) => filter.Values.includes(filtered(execution, filter.Key))),
        )
        .toReversed();
      const { items, nextToken } = page(wanted, {
        limit: request.MaxResults ?? 50,
        nextToken: request.NextToken,
      });
      return { AutomationExecutionMetadataList: items.map(metadata), NextToken: nextToken };
    },
    'ssm:StopAutomationExecution': async (call: Call) => {
      executions.stop(need(call));
      return {};
    },
  };
};

const filtered = (execution: Execution, key: string): string => {
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
        `The local SSM filters automations by ExecutionStatus, ExecutionId and DocumentNamePrefix, not by ${key}.`,
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
  Outputs: texts(execution.outputs),
});

const stepExecution = (step: StepRun) => ({
  StepName: step.name,
  Action: step.action,
  StepStatus: step.status,
  Outputs: texts(step.outputs),
  FailureMessage: step.failure,
});

/** SSM's outputs are lists of text. */
const texts = (outputs: Readonly<Record<string, unknown>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      [typeof value === 'string' ? value : JSON.stringify(value)],
    ]),
  );
