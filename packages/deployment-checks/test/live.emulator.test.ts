import { join } from 'node:path';

import {
  CloudWatchLogsClient,
  DeleteResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  ConfigServiceClient,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  RemovePermissionCommand as RemoveBusPermissionCommand,
} from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  AddPermissionCommand,
  DeleteResourcePolicyCommand as DeleteResourcePolicyOfFunctionCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteParameterCommand,
  GetDocumentCommand,
  ModifyDocumentPermissionCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm';
import { AccountId, createSession, parseSettings, type Settings } from '@compliance/core';
import {
  CHANGES_LOG_GROUP,
  CHANGES_RULE,
  DOCUMENT,
  EVENT_BUS,
  FUNCTIONS,
  STOP_PARAMETER,
  changesLogPolicy,
  functionArn,
} from '@compliance/infra';
import { admitInvokers, deployLocally } from '@compliance/local-deployment';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runChecks } from '../src/checks/run-checks.ts';
import { uncovered } from '../src/checks/uncovered.ts';
import { readDeployment } from '../src/live/read-deployment.ts';
import { withoutWarnings } from './examples.ts';
import { admitMembers, forwardChanges } from './forward-changes.ts';
import { preflightReader } from './preflight-reader.ts';

const apps = join(import.meta.dirname, '../../../apps');
const REGION = 'eu-west-1';

let org: LocalOrg;
let settings: Settings;

beforeAll(async () => {
  org = await startLocalOrg({ homeRegion: REGION, members: [{ name: 'team-a' }, { name: 'team-b' }] });
  const { KeyMetadata } = await org
    .client(KMSClient, org.organization.master.id)
    .send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }));
  settings = parseSettings({
    organization: {
      id: org.organization.id,
      masterAccountId: org.organization.master.id,
      externalId: 'local-organization',
      homeRegion: REGION,
      regions: [REGION],
    },
    accounts: org.organization.members.map(({ id, name }) => ({ id, name })),
    rules: withoutWarnings(await loadAllRules()),
    ledger: { signingKeyArn: KeyMetadata?.Arn },
  });
  await deployLocally(org, {
    settings,
    zips: {
      rule: join(apps, 'evaluate/dist/function.zip'),
      remediation: join(apps, 'remediate/dist/function.zip'),
    },
    keeperZip: join(apps, 'keeper/dist/function.zip'),
  });
});
afterAll(() => org.stop());

const sessionOf = (accountId: AccountId) =>
  createSession({
    accountId,
    region: REGION,
    credentials: org.credentials(accountId),
    endpoint: org.endpointUrl,
  });

const read = () =>
  readDeployment({ master: sessionOf(settings.organization.masterAccountId), member: sessionOf }, settings);

const findings = async () => {
  const { findings: found } = runChecks(await read(), { rules: await loadAllRules(), settings });
  return found.map(({ check, subject }) => `${check}: ${subject}`);
};

/** A policy that changes nothing. */
const HARMLESS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'ec2:RunInstances', Resource: '*' }],
});

const member = () => settings.accounts[0]?.id ?? '';
const inMember = <C>(client: Parameters<typeof org.client<C>>[0]) => org.client(client, member());
const inMaster = <C>(client: Parameters<typeof org.client<C>>[0]) =>
  org.client(client, settings.organization.masterAccountId);

describe('checks of the local organization', () => {
  test('a deployment to the local organization has no problem and is covered completely', async () => {
    const deployment = await read();
    const desired = { rules: await loadAllRules(), settings };
    expect(deployment.gaps).toEqual([]);
    expect(uncovered(deployment, desired)).toEqual([]);
    const { findings: found, unchecked } = runChecks(deployment, desired);
    expect(found).toEqual([]);
    // AWS does not return the template of an organization pack.
    expect(unchecked.map(({ check }) => check)).toEqual(['pack-template-size', 'pack-rule-count']);
  });

  test('reading a deployment changes nothing', async () => {
    const before = org.calls.latest().length;
    await read();
    const operations = org.calls
      .latest()
      .slice(before)
      .map(({ operation }) => operation);
    expect(operations.filter((name) => !/^(Get|List|Describe)/.test(name))).toEqual([]);
  });
});

test('a deployment that forwards compliance changes has no problem', async () => {
  await forwardChanges(org, settings, await loadAllRules());
  expect(await findings()).toEqual([]);
});

test('the emitted policy and role allow exactly the calls that reading needs', async () => {
  const reader = await preflightReader(org, settings);
  // Inline policies are read, too.
  const PolicyName = 'by-hand';
  const ofMember = { RoleName: 'compliance-automation', PolicyName };
  const ofMaster = { RoleName: 'compliance-generic-rule-execution', PolicyName };
  await inMember(IAMClient).send(new PutRolePolicyCommand({ ...ofMember, PolicyDocument: HARMLESS }));
  await inMaster(IAMClient).send(new PutRolePolicyCommand({ ...ofMaster, PolicyDocument: HARMLESS }));
  const deployment = await readDeployment(reader.access, settings);
  const desired = { rules: await loadAllRules(), settings };
  expect(deployment.gaps).toEqual([]);
  expect(uncovered(deployment, desired)).toEqual([]);
  expect(reader.inMaster.called).toEqual(reader.inMaster.allowed);
  expect(reader.inMembers.called).toEqual(reader.inMembers.allowed);
  await inMember(IAMClient).send(new DeleteRolePolicyCommand(ofMember));
  await inMaster(IAMClient).send(new DeleteRolePolicyCommand(ofMaster));
});

test('whole policies of functions are read where the settings choose them, with exactly the calls that are allowed', async () => {
  const usual = settings;
  const lambda = inMaster(LambdaClient);
  const master = { partition: 'aws', region: REGION, accountId: settings.organization.masterAccountId };
  settings = { ...usual, organization: { ...usual.organization, invokePermission: 'organization' } };
  expect(await findings()).toEqual(
    expect.arrayContaining([expect.stringContaining('function-permission-chosen')]),
  );
  await admitInvokers(lambda, settings, master);
  expect(await findings()).toEqual([]);
  const reader = await preflightReader(org, settings);
  expect((await readDeployment(reader.access, settings)).gaps).toEqual([]);
  expect(reader.inMaster.called).toContain('lambda:GetResourcePolicy');
  expect(reader.inMaster.called).not.toContain('lambda:GetPolicy');
  for (const FunctionName of Object.values(FUNCTIONS))
    await lambda.send(
      new DeleteResourcePolicyOfFunctionCommand({ ResourceArn: functionArn(master, FunctionName) }),
    );
  settings = usual;
  await admitInvokers(lambda, settings, master);
  expect(await findings()).toEqual([]);
});

describe('checks find a problem in live accounts', () => {
  const masterId = () => settings.organization.masterAccountId;
  const trustOf = (principal: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: principal } }],
    });

  test('a removed Lambda permission is a problem', async () => {
    const permission = { FunctionName: FUNCTIONS.rule, StatementId: `config-${member()}` };
    await inMaster(LambdaClient).send(new RemovePermissionCommand(permission));
    expect(await findings()).toEqual([
      `rule-function-admits-config: function ${FUNCTIONS.rule} in ${masterId()}, ${REGION}`,
    ]);
    await inMaster(LambdaClient).send(
      new AddPermissionCommand({
        ...permission,
        Action: 'lambda:InvokeFunction',
        Principal: 'config.amazonaws.com',
        SourceAccount: member(),
      }),
    );
    expect(await findings()).toEqual([]);
  });

  test('a document that is no longer shared with a member is a problem', async () => {
    const share = { Name: DOCUMENT, PermissionType: 'Share' } as const;
    await inMaster(SSMClient).send(
      new ModifyDocumentPermissionCommand({ ...share, AccountIdsToRemove: [member()] }),
    );
    expect(await findings()).toEqual([`document-shared: document ${DOCUMENT} in ${masterId()}, ${REGION}`]);
    await inMaster(SSMClient).send(
      new ModifyDocumentPermissionCommand({ ...share, AccountIdsToAdd: [member()] }),
    );
    expect(await findings()).toEqual([]);
  });

  test('a stopped recorder is a problem', async () => {
    const recorder = { ConfigurationRecorderName: 'default' };
    await inMember(ConfigServiceClient).send(new StopConfigurationRecorderCommand(recorder));
    expect(await findings()).toEqual([`recorder-on: configuration recorder in ${member()}, ${REGION}`]);
    await inMember(ConfigServiceClient).send(new StartConfigurationRecorderCommand(recorder));
    expect(await findings()).toEqual([]);
  });

  test('a policy detached from a role is a problem', async () => {
    const attachment = {
      RoleName: 'compliance-evaluate',
      PolicyArn: `arn:aws:iam::${member()}:policy/compliance-evaluate`,
    };
    await inMember(IAMClient).send(new DetachRolePolicyCommand(attachment));
    expect(await findings()).toEqual([`role-policy-covers: role compliance-evaluate in ${member()}`]);
    await inMember(IAMClient).send(new AttachRolePolicyCommand(attachment));
    expect(await findings()).toEqual([]);
  });

  test('a disabled rule that forwards compliance changes is a problem', async () => {
    const rule = { Name: CHANGES_RULE };
    await inMember(EventBridgeClient).send(new DisableRuleCommand(rule));
    expect(await findings()).toEqual([
      `forwarding-rule-on: EventBridge rule ${CHANGES_RULE} in ${member()}, ${REGION}`,
    ]);
    await inMember(EventBridgeClient).send(new EnableRuleCommand(rule));
    expect(await findings()).toEqual([]);
  });

  test('an event bus without a policy and a log without a policy are problems', async () => {
    await inMaster(EventBridgeClient).send(
      new RemoveBusPermissionCommand({ EventBusName: EVENT_BUS, RemoveAllPermissions: true }),
    );
    await inMaster(CloudWatchLogsClient).send(
      new DeleteResourcePolicyCommand({ policyName: 'compliance-changes' }),
    );
    expect([...new Set(await findings())]).toEqual([
      `event-bus-admits-members: event bus ${EVENT_BUS} in ${masterId()}, ${REGION}`,
      `changes-log-admits-events: log group ${CHANGES_LOG_GROUP} in ${masterId()}, ${REGION}`,
    ]);
    await admitMembers(org, settings);
    await inMaster(CloudWatchLogsClient).send(
      new PutResourcePolicyCommand({
        policyName: 'compliance-changes',
        policyDocument: JSON.stringify(changesLogPolicy(settings.organization, 'aws')),
      }),
    );
    expect(await findings()).toEqual([]);
  });

  test('a latest document version that is not the default is a problem', async () => {
    const { Content } = await inMaster(SSMClient).send(new GetDocumentCommand({ Name: DOCUMENT }));
    await inMaster(SSMClient).send(
      new UpdateDocumentCommand({
        Name: DOCUMENT,
        DocumentVersion: '$LATEST',
        DocumentFormat: 'JSON',
        Content: JSON.stringify({ ...JSON.parse(String(Content)), description: 'Another text.' }),
      }),
    );
    expect(await findings()).toEqual([
      `document-version-current: document ${DOCUMENT} in ${masterId()}, ${REGION}`,
    ]);
  });

  test('open trust and a missing stop switch are problems', async () => {
    await inMember(IAMClient).send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'compliance-remediate', PolicyDocument: trustOf('*') }),
    );
    await inMaster(SSMClient).send(new DeleteParameterCommand({ Name: STOP_PARAMETER }));
    const found = await findings();
    expect(found).toContain(`role-not-public: role compliance-remediate in ${member()}`);
    expect(found).toContain(`member-role-external-id: role compliance-remediate in ${member()}`);
    expect(found).toContain(`stop-parameter: parameter ${STOP_PARAMETER} in ${masterId()}, ${REGION}`);
  });

  test('an account outside the organization is a problem', async () => {
    const [first] = settings.accounts;
    const stranger = { ...first, id: AccountId.parse('123412341234'), name: 'stranger', groups: [] };
    const desired = {
      rules: await loadAllRules(),
      settings: { ...settings, accounts: [...settings.accounts, stranger] },
    };
    const { findings: found } = runChecks(await read(), desired);
    expect(found.map(({ check, subject }) => `${check}: ${subject}`)).toContain(
      'account-in-organization: account 123412341234 (stranger)',
    );
  });

  test('an account that cannot be read is a gap without findings', async () => {
    const deployment = await readDeployment(
      {
        master: sessionOf(masterId()),
        member: (accountId) => {
          if (accountId === member()) throw new Error('No role to assume here.');
          return sessionOf(accountId);
        },
      },
      settings,
    );
    const desired = { rules: await loadAllRules(), settings };
    expect(deployment.gaps).toEqual([`Account ${member()} could not be read: No role to assume here.`]);
    expect(uncovered(deployment, desired)).toContain(`roles of the members: ${member()}`);
    expect(
      runChecks(deployment, desired).findings.filter(({ subject }) => subject.includes(member())),
    ).toEqual([]);
  });
});
