import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import { AccountId } from '../src/base/account-id.ts';
import { permanent, transient } from '../src/base/errors.ts';
import { engineGrants } from '../src/aws/engine-grants.ts';
import { remediateGrants, type Rule } from '../src/rule/rule.ts';
import { createAccountContacts } from '../src/settings/account-contacts.ts';
import { parseExemptions } from '../src/settings/exemptions.ts';
import { parseSettings } from '../src/settings/settings.ts';
import { AuditEvent } from '../src/audit/audit-event.ts';
import { shownDigestOf } from '../src/state/plan-record.ts';
import { readPlan } from '../src/state/plans.ts';
import { createRecover } from '../src/remediate/recover.ts';
import { createRemediate } from '../src/remediate/remediate.ts';
import type { RemediateSessionRequest } from '../src/remediate/remediation.ts';
import { createOperate } from '../src/operate/operate.ts';
import type { OperateDependencies, OperatorRequest } from '../src/operate/operator-request.ts';
import { exampleRule } from '../src/testing/example-rule.ts';
import { fakeSession, type FakeAnswer } from '../src/testing/fake-session.ts';
import { memoryTable } from '../src/testing/memory-table.ts';
import { tableOf } from '../src/testing/owned-table.ts';
import { samplePayload } from '../src/testing/sample-payload.ts';
import { settingsWith } from '../src/testing/settings-with.ts';
import { fakeBuckets } from '../src/testing/fake-buckets.ts';
import { fakeExecutions } from './fake-executions.ts';

export interface DoorOptions {
  readonly buckets?: Parameters<typeof fakeBuckets>[0];
  readonly mode?: string;
  readonly settings?: object;
  readonly rule?: Rule;
  /** Answers that precede those of the fakes. */
  readonly answers?: readonly FakeAnswer[];
  readonly dependencies?: Partial<OperateDependencies>;
}

type Ask = Partial<OperatorRequest> & { readonly as?: string };

export const JO = 'arn:aws:sts::999988887777:assumed-role/ops/jo';
export const SAM = 'arn:aws:sts::999988887777:assumed-role/ops/sam';
export const NOON = new Date('2026-11-20T12:00:00Z');
export const days = (count: number) => new Date(NOON.getTime() + count * 86_400_000);

/**
 * Both doors of the remediation function, over fakes of AWS and of the state table.
 * A proof is the caller's ARN, with a signature when that matters; identity-proof.test.ts tests real proofs.
 */
export const openDoors = ({
  buckets = { logs: 'Off' },
  mode = 'approve',
  settings = {},
  answers = [],
  rule = exampleRule,
  dependencies: over = {},
}: DoorOptions = {}) => {
  const s3 = fakeBuckets(buckets);
  const executions = fakeExecutions();
  const events: AuditEvent[] = [];
  const opened: RemediateSessionRequest[] = [];
  const proofs: string[] = [];
  // A test may change these while it runs.
  const state = { now: NOON, stopped: false, mode, settings, isLogUnavailable: false };
  let sleptMs = 0;
  const session = fakeSession({
    allow: [...engineGrants.remediate, ...remediateGrants(rule)],
    answers: [...answers, ...executions.answers, ...s3.answers],
    clock: {
      now: () => new Date(state.now.getTime() + sleptMs),
      sleep: async (ms) => {
        sleptMs += ms;
        await setImmediate();
      },
    },
  });
  const { table = memoryTable() } = over;
  const dependencies: OperateDependencies = {
    loadRule: async (command) => {
      if (command !== rule.command) throw permanent('unknown-command', `Unknown rule ${command}.`);
      return rule;
    },
    loadSettings: async () =>
      parseSettings(settingsWith({ defaults: { mode: state.mode }, ...state.settings })),
    loadExemptions: async () => parseExemptions({ exemptions: [] }),
    openSession: async (request) => {
      opened.push(request);
      return session;
    },
    isStopped: async () => state.stopped,
    contacts: createAccountContacts(),
    publish: async (batch) => {
      if (state.isLogUnavailable) throw transient('not-published', 'The log is out of reach.');
      events.push(...batch.map((event) => AuditEvent.parse(event)));
    },
    table: tableOf('remediation', table),
    now: () => state.now,
    verifyCaller: async (proof, subject) => {
      proofs.push(subject);
      const [arn = '', signature = randomUUID()] = proof.split('#');
      return { arn, accountId: AccountId.parse(arn.split(':')[4]), signature };
    },
    ...over,
    ...(over.table && { table: tableOf('remediation', over.table) }),
  };
  const operate = createOperate(dependencies);
  const invoke = createRemediate(dependencies);
  const recover = createRecover(dependencies);
  /** The request of an execution that SSM runs. */
  const remediate = (payload: unknown) => {
    executions.start(payload);
    return invoke(payload);
  };
  let asked = 0;
  /** Asks as Jo. */
  const ask = async (action: OperatorRequest['action'], id: string, { as = JO, ...request }: Ask = {}) =>
    operate({
      action,
      id,
      proof: as,
      executionId: `operator-${(asked += 1)}`,
      ...(action === 'approve' ? await shownOf(id) : {}),
      ...request,
    });
  /** What the CLI shows of a plan; nothing of a plan that it cannot read. */
  const shownOf = async (id: string) => {
    const record = await readPlan(table, id).catch(() => undefined);
    return record && { shown: shownDigestOf(record) };
  };
  /** Plans the fix of the bucket `logs` and returns the plan's id. */
  const plan = async () => {
    const { planId } = await remediate(samplePayload({ executionId: `ssm-${(asked += 1)}` }));
    if (planId === undefined) throw new Error('The violation was not planned.');
    return planId;
  };
  const approve = async () => {
    const planId = await plan();
    await ask('approve', planId);
    return planId;
  };
  const writes = () => session.sent.filter(({ operation }) => operation.startsWith('Put'));
  const published = (type: AuditEvent['type']) => events.filter((event) => event.type === type);
  return {
    operate,
    invoke,
    recover,
    executions,
    remediate,
    ask,
    plan,
    approve,
    published,
    events,
    opened,
    proofs,
    session,
    table,
    s3,
    state,
    writes,
  };
};
