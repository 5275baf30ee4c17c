import { SSMClient, StartAutomationExecutionCommand } from '@aws-sdk/client-ssm';
import type { RemediationAnswer } from '@compliance/core';
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

/** The function's answer to a finished execution; `undefined`: the document deferred it. */
export const answerOf = (
  { org }: Pick<Story, 'org'>,
  accountId: string,
  executionId: string,
): RemediationAnswer | undefined => {
  const execution = org.automations({ accountId, region: REGION }).find(({ id }) => id === executionId);
  if (execution?.status !== 'Success')
    throw new Error(`Automation ${executionId} is ${execution?.status}: ${execution?.failure}`);
  const payload = Object.values(execution.outputs).findLast((output) => typeof output === 'string');
  // The document returns the answer of the function as JSON.
  return payload === undefined ? undefined : (JSON.parse(payload) as RemediationAnswer);
};

/** Runs the document for one resource and returns the function's answer. */
export const automate = async (story: Story, target: Automated): Promise<RemediationAnswer | undefined> => {
  const executionId = await startAutomation(story, target);
  await story.whenIdle();
  return answerOf(story, target.accountId, executionId);
};
