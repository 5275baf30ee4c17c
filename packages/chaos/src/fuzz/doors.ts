import {
  AccountId,
  AuditEvent,
  PROOF_HEADER,
  REMEDIATION_DOCUMENT,
  createAccountContacts,
  createEvaluate,
  createRemediate,
  engineGrants,
  evaluateGrants,
  listPlans,
  parseExemptions,
  parseSettings,
  permanent,
  putEvaluations,
  remediateGrants,
  shownDigestOf,
  verifyIdentityProof,
  type OperateDependencies,
} from '@compliance/core';
import { createOperate } from '@compliance/core/operate';
import { createRecover } from '@compliance/core/recover';
import {
  exampleRule,
  fakeSession,
  memoryTable,
  sampleChangeEvent,
  sampleDeletedEvent,
  sampleOversizedEvent,
  samplePayload,
  sampleScheduledEvent,
  settingsWith,
} from '@compliance/core/simulation';

import { announceRule } from '../world/announce-rule.ts';
import { newAccount, newBucket } from '../world/account.ts';
import { memberAnswers } from '../world/aws.ts';
import { configAnswers, deployedName } from '../world/aws-config.ts';
import type { Run } from '../world/run.ts';

/** Builds whose allow-list lets through what it must not, which a run must find. */
export const OPEN_BUILDS = ['any-account', 'any-region'] as const;
export type OpenBuild = (typeof OPEN_BUILDS)[number];

export const MEMBER = '111122223333';
export const STRANGER = '222233334444';
const MASTER = '999988887777';
export const REGION = 'eu-west-1';
export const FOREIGN_REGION = 'us-west-2';
const START = new Date('2026-11-20T12:00:00Z');
const RULES = [exampleRule, announceRule];
const COMMANDS = RULES.map(({ command }) => command);

/** The settings as they should be, or as the build reads them. */
const settingsOf = (build: OpenBuild | undefined) =>
  parseSettings(
    settingsWith({
      organization: {
        id: 'o-abcde12345',
        masterAccountId: MASTER,
        externalId: 'simulation',
        homeRegion: REGION,
        regions: [REGION, ...(build === 'any-region' ? [FOREIGN_REGION] : [])],
      },
      accounts: [MEMBER, ...(build === 'any-account' ? [STRANGER] : [])].map((id) => ({
        id,
        name: `account-${id}`,
        groups: ['all'],
        owner: `team-${id}`,
      })),
      rules: { [exampleRule.command]: { mode: 'auto' }, [announceRule.command]: { mode: 'approve' } },
    }),
  );

/** A door of the functions, and genuine requests for it. */
interface Door {
  readonly name: string;
  readonly samples: readonly unknown[];
  readonly invoke: (input: unknown) => Promise<unknown>;
}

export interface Doors {
  readonly doors: readonly Door[];
  /** The roles that were assumed where the settings allow nothing. */
  readonly strayRoles: string[];
  /** What was published. */
  readonly events: AuditEvent[];
}

/** Every door of both functions, over fakes of one member account that has plans and a change. */
export const openDoors = async (build: OpenBuild | undefined): Promise<Doors> => {
  const time = { now: START.getTime() };
  const clock = {
    now: () => new Date(time.now),
    sleep: async (ms: number) => void (time.now += ms),
  };
  const account = newAccount(MEMBER);
  for (const name of ['logs', 'data', 'demo-logs']) account.buckets.set(name, newBucket());
  const strayRoles: string[] = [];
  const events: AuditEvent[] = [];
  const session = fakeSession({
    allow: [
      ...engineGrants.evaluate,
      ...engineGrants.remediate,
      ...RULES.flatMap((rule) => [...evaluateGrants(rule), ...remediateGrants(rule)]),
    ],
    answers: [
      ...configAnswers(account, { commands: COMMANDS, onViolation: () => {}, onAsked: () => {} }),
      ...memberAnswers(account, { run: () => RUN, now: clock.now, onWrite: () => {} }),
    ],
    accountId: MEMBER,
    region: REGION,
    clock,
  });
  const openSession: Parameters<typeof createEvaluate>[0]['openSession'] = async ({
    accountId,
    region,
    partition,
  }) => {
    if (accountId !== MEMBER || region !== REGION || partition !== 'aws')
      strayRoles.push(`${accountId} ${region} ${partition}`);
    return session;
  };
  const dependencies: OperateDependencies = {
    loadRule: async (command) => {
      const rule = RULES.find((one) => one.command === command);
      if (!rule) throw permanent('unknown-command', `Unknown rule ${command}.`);
      return rule;
    },
    loadSettings: async () => settingsOf(build),
    loadExemptions: async () => parseExemptions({ exemptions: [] }),
    openSession,
    isStopped: async () => false,
    publish: async (batch) => {
      events.push(...batch.map((event) => AuditEvent.parse(JSON.parse(JSON.stringify(event)))));
    },
    contacts: createAccountContacts(),
    table: memoryTable(),
    now: clock.now,
    verifyCaller: (proof, subject) =>
      verifyIdentityProof(proof, subject, {
        stsOrigins: [`https://sts.${REGION}.amazonaws.com`],
        fetch: answerAsSts,
        now: clock.now,
      }),
  };
  // New functions for each event: an instance reports the same refusal only so often.
  const recover = (input: unknown) => createRecover(dependencies)(input);
  const evaluate = (input: unknown) =>
    createEvaluate({
      ...dependencies,
      openSession,
      put: putEvaluations,
      recover: async (request) => void (await recover(request)),
      redeliver: async () => {},
    })(input);
  const remediate = (input: unknown) => createRemediate(dependencies)(input);

  const payloads = [exampleRule, announceRule].map(({ command: complianceCommand }) => {
    const executionId = `execution-${complianceCommand}`;
    account.executions.set(executionId, {
      AutomationExecutionId: executionId,
      AutomationExecutionStatus: 'InProgress',
      DocumentName: `arn:aws:ssm:${REGION}:${MASTER}:document/${REMEDIATION_DOCUMENT}`,
      Parameters: {
        ComplianceCommand: [complianceCommand],
        ResourceType: ['AWS::S3::Bucket'],
        ResourceId: ['logs'],
      },
    });
    return samplePayload({ complianceCommand, executionId });
  });
  const requests: object[] = [];
  for (const payload of payloads) {
    const { changeId } = await remediate(payload);
    if (changeId !== undefined) requests.push({ action: 'undo', id: changeId });
  }
  for (const sweep of configEvents(sampleScheduledEvent)) await evaluate(sweep);
  for await (const record of listPlans(dependencies.table)) {
    const { id } = record.plan;
    requests.push({ action: 'approve', id, shown: shownDigestOf(record) });
    requests.push(...['reject', 'apply'].map((action) => ({ action, id })));
  }
  let proofs = 0;
  const doors: readonly Door[] = [
    { name: 'evaluate', samples: configEvents(...CONFIG_SAMPLES), invoke: evaluate },
    { name: 'remediate', samples: payloads, invoke: remediate },
    {
      name: 'operator',
      samples: requests.map((request) => ({ ...request, proof: PROOF, executionId: 'operator-1' })),
      // Each proof serves once, so that each request carries a new one.
      invoke: (input) => createOperate(dependencies)(withSignature(input, (proofs += 1))),
    },
    {
      name: 'recovery',
      samples: COMMANDS.map((command) => ({ command, accountId: MEMBER, region: REGION, partition: 'aws' })),
      invoke: recover,
    },
  ];
  return { doors, strayRoles, events };
};

const CONFIG_SAMPLES = [sampleChangeEvent, sampleOversizedEvent, sampleScheduledEvent, sampleDeletedEvent];

const configEvents = (...samples: typeof CONFIG_SAMPLES): readonly unknown[] =>
  COMMANDS.flatMap((command) => {
    const envelope = { configRuleName: deployedName(command), resultToken: command };
    const options = { accountId: MEMBER, region: REGION, command, envelope };
    return samples.map((sample) => sample(options));
  });

const SIGNATURE = 'b'.repeat(64);
const PROOF = `https://sts.${REGION}.amazonaws.com/?${new URLSearchParams({
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Date': '20261120T120000Z',
  'X-Amz-SignedHeaders': `host;${PROOF_HEADER}`,
  'X-Amz-Signature': SIGNATURE,
}).toString()}`;

const withSignature = (input: unknown, count: number): unknown => {
  const isSigned = typeof input === 'object' && input !== null && 'proof' in input && input.proof === PROOF;
  return isSigned ? { ...input, proof: PROOF.replace(SIGNATURE, String(count).padStart(64, '0')) } : input;
};

/** STS names an operator for the proof that it signed, whatever its signature. */
const answerAsSts: typeof fetch = async (url) => {
  if (new Request(url).url.replace(/[0-9a-f]{64}$/, SIGNATURE) !== PROOF)
    return new Response('<Code>SignatureDoesNotMatch</Code>', { status: 403 });
  const Arn = `arn:aws:sts::${MASTER}:assumed-role/ops/jo`;
  const GetCallerIdentityResult = { Arn, Account: AccountId.parse(MASTER) };
  return Response.json({ GetCallerIdentityResponse: { GetCallerIdentityResult } });
};

/** The fakes of a member's account name the run that writes. */
const RUN: Run = {
  door: 'remediate',
  requestId: 'request-1',
  isForged: false,
  endsAt: START,
  killAt: Infinity,
  isLastDone: false,
  effects: 0,
  isDead: false,
};
