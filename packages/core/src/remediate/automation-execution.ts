import { GetAutomationExecutionCommand, SSMClient, type AutomationExecution } from '@aws-sdk/client-ssm';

import { explain, hasCode, permanent, transient } from '../base/errors.ts';
import type { Session } from '../aws/session.ts';
import type { RemediationTarget } from './remediation.ts';

/** The SSM document that invokes the remediation function, shared by the master account in each Region. */
export const REMEDIATION_DOCUMENT = 'compliance-remediation';

interface ExecutionContext {
  readonly session: Session;
  readonly masterAccountId: string;
}

/**
 * Proves a request: the execution that it names runs our document in the named account for exactly this resource.
 * Any principal of the organization may invoke the function and write any account into the payload.
 * @throws {ComplianceError} permanent `foreign-execution`; transient `roles-out-of-date` where the member's role lacks
 *   the permission, because the members' roles are applied after the functions
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetAutomationExecution.html
 */
export const assertRunningExecution = async (
  target: RemediationTarget,
  context: ExecutionContext,
): Promise<void> => {
  const execution = await findExecution(target, context);
  const mismatch = execution
    ? mismatchOf(execution, target, context.masterAccountId)
    : 'does not exist there';
  if (mismatch !== undefined)
    throw permanent(
      'foreign-execution',
      `Automation ${target.executionId} in ${target.accountId} ${target.region} ${mismatch}, so its request is refused.`,
    );
};

/** A new execution may not be readable yet: three seconds in all. */
const WAITS_MS = [500, 1000, 1500];

const findExecution = async (
  { executionId, accountId }: RemediationTarget,
  { session }: ExecutionContext,
): Promise<AutomationExecution | undefined> => {
  const command = new GetAutomationExecutionCommand({ AutomationExecutionId: executionId });
  for (const pause of [...WAITS_MS, undefined]) {
    try {
      return (await session.client(SSMClient).send(command)).AutomationExecution;
    } catch (error) {
      if (hasCode(error, 'AccessDenied', 'AccessDeniedException'))
        throw transient(
          'roles-out-of-date',
          `Roles out of date in account ${accountId}: the role of the remediation function may not read its automation (${explain(error)}). Run make deploy-member.`,
          error,
        );
      if (!hasCode(error, 'AutomationExecutionNotFoundException')) throw error;
      if (pause !== undefined) await session.clock.sleep(pause);
    }
  }
  return undefined;
};

/** What an execution lacks to be ours, if anything. */
const mismatchOf = (
  { DocumentName = '', AutomationExecutionStatus, Parameters = {} }: AutomationExecution,
  target: RemediationTarget,
  masterAccountId: string,
): string | undefined => {
  if (!isOurDocument(DocumentName, target, masterAccountId)) return 'runs another document';
  const expected = {
    ComplianceCommand: target.command,
    ResourceType: target.resource.resourceType,
    ResourceId: target.resource.resourceId,
  };
  const other = Object.entries(expected).find(
    ([name, value]) => Parameters[name]?.length !== 1 || Parameters[name][0] !== value,
  );
  if (other) return `has another ${other[0]}`;
  return AutomationExecutionStatus === 'InProgress' ? undefined : 'is not in progress';
};

/**
 * Whether a name or ARN is the shared document's. In the master account, which owns it, SSM may show the name alone.
 * Which form SSM shows of a shared document is not documented: docs/prove-in-aws.md asks for it.
 */
const isOurDocument = (
  document: string,
  { accountId, region, partition }: RemediationTarget,
  masterAccountId: string,
): boolean =>
  document === `arn:${partition}:ssm:${region}:${masterAccountId}:document/${REMEDIATION_DOCUMENT}` ||
  (accountId === masterAccountId && document === REMEDIATION_DOCUMENT);
