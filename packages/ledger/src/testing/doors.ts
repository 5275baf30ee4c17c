import { randomUUID } from 'node:crypto';

import {
  AccountId,
  createAccountContacts,
  createEvaluate,
  createRemediate,
  engineGrants,
  parseExemptions,
  parseSettings,
  readPlan,
  remediateGrants,
  shownDigestOf,
  type AuditEvent,
  type OperatorRequest,
} from '@compliance/core';
import { createOperate } from '@compliance/core/operate';
import { exampleRule, fakeSession, memoryTable, samplePayload, settingsWith } from '@compliance/core/testing';

import type { Ledger } from '../ledger.ts';

const JO = 'arn:aws:sts::999988887777:assumed-role/ops/jo';

/** The execution that sends `samplePayload`, as SSM in the member account knows it. */
const runningExecution = ({ AutomationExecutionId }: { AutomationExecutionId?: string }) => {
  const { complianceCommand, resourceType, resourceId, region, partition } = samplePayload();
  return {
    AutomationExecution: {
      AutomationExecutionId,
      AutomationExecutionStatus: 'InProgress',
      DocumentName: `arn:${partition}:ssm:${region}:999988887777:document/compliance-remediation`,
      Parameters: {
        ComplianceCommand: [complianceCommand],
        ResourceType: [resourceType],
        ResourceId: [resourceId],
      },
    },
  };
};

/** Both functions with the rule `exampleRule`, over stateful fakes of a bucket and of the table, on a real ledger. */
export const openDoors = (ledger: Ledger) => {
  // A test may change these while it runs.
  const state = {
    now: new Date('2026-11-20T09:00:00Z'),
    versioning: 'Off',
    failing: false,
    unpublishable: false,
  };
  const read = () => {
    if (state.failing) throw new Error('The answer makes no sense.');
    return state.versioning === 'Off' ? {} : { Status: state.versioning };
  };
  const write = (input: { VersioningConfiguration?: { Status?: string } }) => {
    state.versioning = input.VersioningConfiguration?.Status ?? 'Off';
    return {};
  };
  const answers = [
    { operation: 'GetBucketVersioning', answer: read },
    { operation: 'PutBucketVersioning', answer: write },
    { operation: 'GetResources', answer: () => ({ ResourceTagMappingList: [] }) },
    { operation: 'GetAutomationExecution', answer: runningExecution },
  ];
  const session = fakeSession({
    allow: [...engineGrants.remediate, ...remediateGrants(exampleRule)],
    answers,
  });
  const dependencies = {
    loadRule: async () => exampleRule,
    loadSettings: async () => parseSettings(settingsWith({ defaults: { mode: 'approve' } })),
    loadExemptions: async () => parseExemptions({ exemptions: [] }),
    openSession: async () => session,
    isStopped: async () => false,
    contacts: createAccountContacts(),
    redeliver: async () => {},
    recover: async () => {},
    publish: async (events: readonly AuditEvent[]) => {
      await ledger.append(events);
      if (state.unpublishable) throw Object.assign(new Error('No answer.'), { name: 'TimeoutError' });
    },
    table: memoryTable(),
    now: () => state.now,
    put: async () => {},
    verifyCaller: async (arn: string) => ({
      arn,
      accountId: AccountId.parse('999988887777'),
      signature: randomUUID(),
    }),
  };
  const operate = createOperate(dependencies);
  const remediate = createRemediate(dependencies);
  const ask = async (action: OperatorRequest['action'], id: string, executionId: string) => {
    const record = action === 'approve' ? await readPlan(dependencies.table, id) : undefined;
    return operate({
      action,
      id,
      proof: JO,
      executionId,
      ...(record && { shown: shownDigestOf(record) }),
    });
  };
  return {
    state,
    evaluate: createEvaluate(dependencies),
    remediate: (executionId: string) => remediate(samplePayload({ executionId })),
    ask,
  };
};
