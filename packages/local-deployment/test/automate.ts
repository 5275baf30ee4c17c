import { SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import { defined, type RemediationAnswer } from '@compliance/core';
import { DOCUMENT } from '@compliance/infra';

import { REGION, type Story } from './story.ts';

export interface Automated {
  readonly accountId: string;
  readonly command: string;
  readonly resourceType: string;
  readonly resourceId: string;
}

/** Starts the document in a member account, like AWS Config, and returns the execution id. */
export const startAutomation = async (
  { client, masterId }: Pick<Story, 'client' | 'masterId'>,
  { accountId, command, resourceType, resourceId }: Automated,
): Promise<string> => {
  const { AutomationExecutionId = '' } = await client(SSMClient, accountId).send(
    new StartAutomationExecutionCommand({
      DocumentName: `arn:aws:ssm:${REGION}:${masterId}:document/${DOCUMENT}`,
      Parameters: {
        ComplianceCommand: [command],
        ResourceType: [resourceType],
        ResourceId: [resourceId],
      },
    }),
  );
  return AutomationExecutionId;
};

/** The function's answer to a finished execution, which is a status alone; `undefined`: the document deferred it. */
export const answerOf = (
  { org }: Pick<Story, 'org'>,
  accountId: string,
  executionId: string,
): Pick<RemediationAnswer, 'status'> | undefined => {
  const execution = org.automations({ accountId, region: REGION }).find(({ id }) => id === executionId);
  if (execution?.status !== 'Success')
    throw new Error(`Automation ${executionId} is ${execution?.status}: ${execution?.failure}`);
  const payload = Object.values(execution.outputs).findLast((output) => typeof output === 'string');
  // The document returns the answer of the function as JSON.
  return payload === undefined ? undefined : (JSON.parse(payload) as Pick<RemediationAnswer, 'status'>);
};

/** Runs the document for one resource. Returns the function's answer, with what the audit log says about it. */
export const automate = async (
  story: Story,
  target: Automated,
): Promise<Partial<RemediationAnswer> | undefined> => {
  const executionId = await startAutomation(story, target);
  await story.whenIdle();
  const answer = answerOf(story, target.accountId, executionId);
  const event = (await story.audited('remediation-finished')).findLast(
    (one) => one.executionId === executionId,
  );
  const { reason, planId, changeId } = event ?? {};
  return answer && { ...answer, ...defined({ reason, planId, changeId }) };
};
