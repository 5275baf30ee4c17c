import { REMEDIATION_DOCUMENT } from '@compliance/core';
import { sampleScheduledEvent, samplePayload } from '@compliance/core/simulation';

import { HOUR_MS, MINUTE_MS } from '../base/faults.ts';
import type { MemberAccount } from '../world/account.ts';
import { deployedName } from '../world/aws-config.ts';
import type { Ended, Invoke } from './lambda.ts';
import type { Stage } from './stage.ts';
import { MASTER, REGION } from './world-settings.ts';

/** The services that invoke the functions, with their retries. */
export interface Callers {
  /** AWS Config: asynchronous, so that Lambda tries three times; then the event waits in the failure queue. */
  readonly evaluate: (input: unknown) => Promise<void>;
  readonly sweep: (account: MemberAccount, command: string) => Promise<void>;
  /** SSM: an execution of the document, which tries twice. */
  readonly automate: (account: MemberAccount, command: string, resourceId: string) => Promise<void>;
  /** A person: asks again after a fault, or gives up. */
  readonly ask: (request: OperatorAsk) => Promise<unknown>;
}

interface OperatorAsk {
  readonly action: 'approve' | 'reject' | 'apply' | 'undo';
  readonly id: string;
  readonly who: string;
}

export const createCallers = (stage: Stage, invoke: Invoke): Callers => {
  const { random, scheduler } = stage;
  const { now, sleep } = scheduler.clock;
  let count = 0;
  const nextId = (kind: string) => `${kind}-${(count += 1)}`;
  const isOver = (ended: Ended) => 'answer' in ended;

  const evaluate = async (input: unknown) => {
    for (const pause of [0, MINUTE_MS, 2 * MINUTE_MS]) {
      await sleep(pause);
      if (isOver(await invoke({ door: 'evaluate', input }))) return;
    }
    stage.failureQueue.push(input);
  };

  const automate = async (account: MemberAccount, command: string, resourceId: string) => {
    const executionId = nextId('automation');
    const execution = {
      AutomationExecutionId: executionId,
      AutomationExecutionStatus: 'InProgress',
      DocumentName: `arn:aws:ssm:${REGION}:${MASTER}:document/${REMEDIATION_DOCUMENT}`,
      Parameters: {
        ComplianceCommand: [command],
        ResourceType: ['AWS::S3::Bucket'],
        ResourceId: [resourceId],
      },
    };
    account.executions.set(executionId, execution);
    const input = samplePayload({
      complianceCommand: command,
      resourceId,
      accountId: account.id,
      executionId,
    });
    const once = () => invoke({ door: 'remediate', input, executionId });
    for (const pause of [0, 2 * MINUTE_MS]) {
      await sleep(pause);
      // A caller may ask twice at once with the id of a genuine execution.
      const [ended] = await Promise.all(random.chance(0.15) ? [once(), once(), once()] : [once()]);
      if (ended && isOver(ended)) break;
    }
    account.executions.set(executionId, { ...execution, AutomationExecutionStatus: 'Success' });
  };

  const ask = async ({ action, id, who }: OperatorAsk) => {
    for (let tries = 0; tries < 8; tries += 1) {
      const executionId = nextId('operator');
      const proof = `arn:aws:sts::${MASTER}:assumed-role/ops/${who}#${executionId}`;
      const input = { action, id, proof, executionId };
      const ended = await invoke({ door: 'operate', input, action, executionId });
      if ('answer' in ended) return ended.answer;
      // A person may give up at any fault.
      if (random.chance(0.4)) return undefined;
      await sleep(random.scale(MINUTE_MS, 6 * HOUR_MS));
    }
    return undefined;
  };

  return {
    evaluate,
    automate,
    ask,
    sweep: (account, command) =>
      evaluate(
        sampleScheduledEvent({
          accountId: account.id,
          region: REGION,
          command,
          invokingEvent: { notificationCreationTime: now().toISOString() },
          envelope: { configRuleName: deployedName(command), resultToken: command },
        }),
      ),
  };
};
