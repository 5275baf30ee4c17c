import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Settings } from '@compliance/core';
import { AUTOMATION_ROLE, FUNCTIONS, functionArn } from '@compliance/infra';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { strToU8, zipSync } from 'fflate';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { admitInvokers, deployFunctions } from '../src/deploy-functions.ts';
import { deployMasterRoles } from '../src/deploy-roles.ts';
import { localSettings } from '../src/local-settings.ts';
import { REGION } from './story.ts';

/** More members than a policy with a statement for each account holds. */
const MEMBERS = 80;
const STRANGER = '123456789012';
/** Functions that answer everybody who is admitted. */
const CODE = 'export const handler = async () => "admitted";';

let org: LocalOrg;
let folder: string;
let settings: Settings;
let masterId: string;

const arnOf = (key: keyof typeof FUNCTIONS) =>
  functionArn({ partition: 'aws', region: REGION, accountId: masterId }, FUNCTIONS[key]);
const chosen = (organization: object = {}) =>
  localSettings(org, { organization: { invokePermission: 'organization', ...organization } });
const admit = (given: Settings) =>
  admitInvokers(org.client(LambdaClient, masterId), given, {
    partition: 'aws',
    region: REGION,
    accountId: masterId,
  });

beforeAll(async () => {
  org = await startLocalOrg({ homeRegion: REGION, members: [{ name: 'first' }] });
  masterId = org.organization.master.id;
  await addMembers(MEMBERS - 1);
  settings = chosen();
  folder = await mkdtemp(join(tmpdir(), 'whole-policies-'));
  const zip = join(folder, 'function.zip');
  await writeFile(zip, zipSync({ 'index.mjs': strToU8(CODE) }));
  await deployMasterRoles(org);
  await deployFunctions(org, { settings, region: REGION, zips: { rule: zip, remediation: zip } });
});
afterAll(async () => {
  await org.stop();
  await rm(folder, { recursive: true });
});

/** Lets accounts join, each with a recorder that finds nothing to record. */
const addMembers = async (count: number): Promise<void> => {
  for (let index = 1; index <= count; index += 1)
    await org
      .client(OrganizationsClient, masterId)
      .send(new CreateAccountCommand({ AccountName: `team-${index}`, Email: `team-${index}@example.com` }));
  for (const { id } of [...org.organization.members.slice(1), { id: STRANGER }]) await startRecorder(id);
};

const startRecorder = async (accountId: string): Promise<void> => {
  const config = org.client(ConfigServiceClient, accountId);
  const ConfigurationRecorder = {
    name: 'default',
    roleARN: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    recordingGroup: { allSupported: false, resourceTypes: ['AWS::KMS::Key' as const] },
  };
  const DeliveryChannel = { name: 'default', s3BucketName: 'config-delivery' };
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder }));
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
};

/** Creates a rule in an account, which AWS Config refuses where it may not invoke the function for that account. */
const createRule = async (accountId: string): Promise<void> => {
  const config = org.client(ConfigServiceClient, accountId);
  await config.send(
    new PutConfigRuleCommand({
      ConfigRule: {
        ConfigRuleName: 'admitted',
        Source: {
          Owner: 'CUSTOM_LAMBDA',
          SourceIdentifier: arnOf('rule'),
          SourceDetails: [{ EventSource: 'aws.config', MessageType: 'ScheduledNotification' }],
        },
      },
    }),
  );
  await config.send(new DeleteConfigRuleCommand({ ConfigRuleName: 'admitted' }));
};
const REFUSED = { name: 'InsufficientPermissionsException' };

/** Invokes the remediation function as a role that its own account allows everything. */
const invokeAs = async (accountId: string, RoleName: string, Path = '/'): Promise<string | undefined> => {
  const allow = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const iam = org.client(IAMClient, accountId);
  const trust = allow({ Principal: { AWS: accountId }, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust }));
  const PolicyDocument = allow({ Action: '*', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  const { Credentials: issued } = await org
    .client(STSClient, accountId)
    .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'someone' }));
  const lambda = new LambdaClient({
    region: REGION,
    endpoint: org.endpointUrl,
    credentials: {
      accessKeyId: issued?.AccessKeyId ?? '',
      secretAccessKey: issued?.SecretAccessKey ?? '',
      sessionToken: issued?.SessionToken ?? '',
    },
  });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: arnOf('remediation') }));
  return Payload?.transformToString();
};
const DENIED = { name: 'AccessDeniedException' };
const member = (index: number) => org.organization.members[index]?.id ?? '';

describe('an organization of more accounts than a policy has room for by account', () => {
  test('AWS Config may invoke the rule function for every member', async () => {
    expect(org.organization.members).toHaveLength(MEMBERS);
    for (const { id } of org.organization.members) await createRule(id);
  });
  test('AWS Config may not invoke it for an account outside of the organization', async () => {
    await expect(createRule(STRANGER)).rejects.toMatchObject(REFUSED);
  });
  test("the members' automation role may invoke the remediation function", async () => {
    for (const index of [0, MEMBERS - 1])
      await expect(invokeAs(member(index), AUTOMATION_ROLE)).resolves.toBe('"admitted"');
  });
  test.for([
    ['another role', 'other', '/'],
    ['a role whose name begins like it', `${AUTOMATION_ROLE}-2`, '/'],
    ['a role whose name ends like it', `x-${AUTOMATION_ROLE}`, '/'],
    ['a role of its name under another path', AUTOMATION_ROLE, '/x/'],
  ])('%s of a member may not, whatever its account allows', async ([, name = '', path]) => {
    await expect(invokeAs(member(1), name, path)).rejects.toMatchObject(DENIED);
  });
  test('a role of that name in an account outside of the organization may not', async () => {
    await expect(invokeAs(STRANGER, AUTOMATION_ROLE)).rejects.toMatchObject(DENIED);
  });
  test('AWS Config and automations of one organization are refused by the policies of another', async () => {
    await admit(chosen({ id: 'o-anotherorg1' }));
    await expect(createRule(member(2))).rejects.toMatchObject(REFUSED);
    await expect(invokeAs(member(2), AUTOMATION_ROLE)).rejects.toMatchObject(DENIED);
    await admit(settings);
    await createRule(member(2));
  });
});
