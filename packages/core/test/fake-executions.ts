import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';

import { REMEDIATION_DOCUMENT } from '../src/remediate/automation-execution.ts';
import { RemediationEvent } from '../src/remediate/remediation-event.ts';
import { awsError, on } from '../src/testing/fake-session.ts';

const MASTER = '999988887777';

/** A stateful fake of SSM's executions in one account. */
export const fakeExecutions = () => {
  const executions = new Map<string, object>();
  return {
    /** Starts the execution that sends this payload, as SSM does before it invokes the function. */
    start: (payload: unknown, over: object = {}) => {
      const parsed = RemediationEvent.safeParse(payload);
      if (!parsed.success) return;
      const { executionId, complianceCommand, resourceType, resourceId, region, partition } = parsed.data;
      executions.set(executionId, {
        AutomationExecutionId: executionId,
        AutomationExecutionStatus: 'InProgress',
        DocumentName: `arn:${partition}:ssm:${region}:${MASTER}:document/${REMEDIATION_DOCUMENT}`,
        Parameters: {
          ComplianceCommand: [complianceCommand],
          ResourceType: [resourceType],
          ResourceId: [resourceId],
          AutomationAssumeRole: [''],
        },
        ...over,
      });
    },
    answers: [
      on(SSMClient, GetAutomationExecutionCommand, ({ AutomationExecutionId = '' }) => {
        const execution = executions.get(AutomationExecutionId);
        if (execution) return { AutomationExecution: execution };
        throw awsError(
          'AutomationExecutionNotFoundException',
          `${AutomationExecutionId} does not exist`,
          400,
        );
      }),
    ],
  };
};
