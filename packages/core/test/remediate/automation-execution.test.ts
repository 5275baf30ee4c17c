import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { systemClock } from '../../src/base/clock.ts';
import { assertRunningExecution } from '../../src/remediate/automation-execution.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { fakeExecutions } from '../fake-executions.ts';
import { NOON, openDoors } from '../open-doors.ts';

const MASTER = '999988887777';
const target = {
  command: 'EXAMPLE_KEEP_VERSIONS',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
  executionId: 'execution-1',
};

const ask = async (answers: readonly FakeAnswer[], over: Partial<typeof target> = {}) => {
  const waits: number[] = [];
  const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) };
  const session = fakeSession({ allow: ['ssm:GetAutomationExecution'], answers, clock });
  const context = { session, masterAccountId: MASTER };
  const proof = assertRunningExecution({ ...target, ...over }, context);
  return { waits, result: await proof.catch((error: unknown) => error) };
};

const running = (over: object = {}) => {
  const executions = fakeExecutions();
  executions.start(samplePayload(), over);
  return executions.answers;
};

const failing = (code: string, times = Infinity) => {
  let failed = 0;
  const [found] = running();
  return [
    on(SSMClient, GetAutomationExecutionCommand, (input) => {
      if (failed >= times) return found?.answer(input, 'eu-west-1') as object;
      failed += 1;
      throw awsError(code, 'no', 400);
    }),
  ];
};

describe('the execution that a request names', () => {
  test('is accepted when it runs our document for this resource', async () => {
    await expect(ask(running())).resolves.toEqual({ waits: [], result: undefined });
  });

  test.each<[string, object, string]>([
    [
      'runs a document of the same name of another account',
      { DocumentName: 'arn:aws:ssm:eu-west-1:111122223333:document/compliance-remediation' },
      'runs another document',
    ],
    [
      'runs a document of the member with our name',
      { DocumentName: 'compliance-remediation' },
      'runs another',
    ],
    ['has no document', { DocumentName: undefined }, 'runs another document'],
    ['has ended', { AutomationExecutionStatus: 'Success' }, 'is not in progress'],
    ['waits', { AutomationExecutionStatus: 'Pending' }, 'is not in progress'],
    ['has no parameters', { Parameters: undefined }, 'has another ComplianceCommand'],
    [
      'starts a child for each resource, and names none itself',
      {
        TargetParameterName: 'ResourceId',
        Parameters: { ComplianceCommand: ['EXAMPLE_KEEP_VERSIONS'], ResourceType: ['AWS::S3::Bucket'] },
      },
      'has another ResourceId',
    ],
    [
      'has two resources',
      {
        Parameters: {
          ComplianceCommand: [target.command],
          ResourceType: ['AWS::S3::Bucket'],
          ResourceId: ['logs', 'other'],
        },
      },
      'has another ResourceId',
    ],
  ])('is refused when it %s', async (_, over, reason) => {
    const { result } = await ask(running(over));
    expect(result).toMatchObject({
      kind: 'permanent',
      code: 'foreign-execution',
      message: expect.stringContaining(reason) as string,
    });
  });

  test.each<[string, Partial<typeof target>]>([
    ['command', { command: 'OTHER_COMMAND' }],
    ['type', { resource: { resourceType: 'AWS::EC2::VPC', resourceId: 'logs' } }],
    ['resource', { resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'other' } }],
  ])('is refused when the request names another %s', async (_, over) => {
    const { result } = await ask(running(), over);
    expect(result).toMatchObject({ kind: 'permanent', code: 'foreign-execution' });
  });

  test('may show the name alone in the master account, which owns the document', async () => {
    const own = { accountId: AccountId.parse(MASTER) };
    const { result } = await ask(running({ DocumentName: 'compliance-remediation' }), own);
    expect(result).toBeUndefined();
  });

  test('is asked for again for three seconds when it is not found', async () => {
    const found = await ask(failing('AutomationExecutionNotFoundException', 2));
    expect(found).toEqual({ waits: [500, 1000], result: undefined });
    const missing = await ask(failing('AutomationExecutionNotFoundException'));
    expect(missing.waits).toEqual([500, 1000, 1500]);
    expect(missing.result).toMatchObject({ kind: 'permanent', code: 'foreign-execution' });
  });

  test('that may not be read means that the roles are out of date, which passes', async () => {
    const { result, waits } = await ask(failing('AccessDeniedException'));
    expect(result).toMatchObject({ kind: 'transient', code: 'roles-out-of-date' });
    expect(waits).toEqual([]);
  });

  test('that SSM throttles is asked for again by the automation', async () => {
    const { result } = await ask(failing('ThrottlingException'));
    expect(result).toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('the door of the automations', () => {
  const stranger = (members: object = {}) => samplePayload({ executionId: 'made-up', ...members });

  test.each<[string, object]>([
    ['a Region that the settings do not list', { region: 'us-west-2' }],
    ['another partition', { partition: 'aws-cn' }],
    ['an account that the settings do not list', { accountId: '444455556666' }],
  ])('assumes no role for %s', async (_, members) => {
    const { invoke, opened, events } = openDoors({ mode: 'auto' });
    await expect(invoke(stranger(members))).resolves.toMatchObject({ status: 'refused' });
    expect(opened).toEqual([]);
    expect(events).toHaveLength(1);
  });

  test('plans and fixes nothing for a request without an execution', { timeout: 10_000 }, async () => {
    const { invoke, writes, published, table } = openDoors({ mode: 'auto' });
    await expect(invoke(stranger())).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('does not exist there') as string,
    });
    expect(writes()).toEqual([]);
    expect(published('plan-created')).toEqual([]);
    await expect(Array.fromAsync(table.query('plans'))).resolves.toEqual([]);
  });

  test('reports and defers while the roles are out of date', async () => {
    const denied = on(SSMClient, GetAutomationExecutionCommand, () => {
      throw awsError('AccessDeniedException', 'no', 400);
    });
    const { invoke, events } = openDoors({ mode: 'auto', answers: [denied] });
    await expect(invoke(stranger())).rejects.toMatchObject({ kind: 'transient', code: 'roles-out-of-date' });
    expect(events).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('Roles out of date') as string },
    ]);
  });

  test('publishes five events an hour for each reason about strangers, and does genuine work all the same', async () => {
    const { invoke, remediate, events, state } = openDoors({ mode: 'auto' });
    const flood = async () => {
      for (let index = 0; index < 2000; index += 1) {
        await invoke(stranger({ accountId: '444455556666', resourceId: `words-${index}` }));
        await invoke(stranger({ region: 'us-west-2', resourceId: `words-${index}` }));
        await invoke({ nonsense: index });
      }
    };
    await flood();
    expect(events).toHaveLength(15);
    await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
    expect(events).toHaveLength(16);
    state.now = new Date(NOON.getTime() + 3_600_000);
    await flood();
    expect(events).toHaveLength(31);
  });

  test('publishes what happens to one execution again and again once', async () => {
    const { remediate, events } = openDoors({ mode: 'auto', buckets: { logs: 'Enabled' } });
    for (let index = 0; index < 50; index += 1) await remediate(samplePayload());
    expect(events).toHaveLength(1);
  });

  test('publishes an event that could not be published with the next request', async () => {
    const { remediate, events, state } = openDoors({ mode: 'auto', buckets: { logs: 'Enabled' } });
    state.isLogUnavailable = true;
    await expect(remediate(samplePayload())).rejects.toThrow('out of reach');
    state.isLogUnavailable = false;
    await remediate(samplePayload());
    expect(events).toHaveLength(1);
  });
});
