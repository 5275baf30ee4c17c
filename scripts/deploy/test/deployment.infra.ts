import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateAccountCommand,
  MoveAccountCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
} from '@aws-sdk/client-organizations';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { configRuleName, parseSettings } from '@compliance/core';
import { CHANGES_LOG_GROUP, FUNCTIONS, ledgerBucket, STATE_TABLE, STOP_PARAMETER } from '@compliance/infra';
import { runTerraform, whyNoTerraform } from '@compliance/infra/terraform-cli';
import { localCompliance, restartFunctions } from '@compliance/local-deployment';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { applyRoots } from '../src/terraform/apply-roots.ts';
import { COMMANDS } from '../src/commands.ts';
import { Interruption } from '../src/base/interruption.ts';
import { localAccess } from '../src/local/local-access.ts';
import { describeLocal, FIXES } from '../src/local/local-organization.ts';
import { parseOptions } from '../src/base/options.ts';
import { isDeployed, readPackStatuses } from '../src/packs/pack-status.ts';
import { ZIPS } from '../src/base/paths.ts';
import { publishSettings } from '../src/functions/publish-settings.ts';
import { readPlanAsJson, runInRoot, type Root } from '../src/terraform/root.ts';
import { masterRoots, memberRoots } from '../src/terraform/roots.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { leftOvers } from './left-overs.ts';
import { ORGANIZATION, writePreviousModules } from './previous-modules.ts';

const missing = await whyNoTerraform();
if (missing !== undefined) console.warn(`Skipped: ${missing}`);

const HOME = 'eu-west-1';
const SECOND = 'us-east-1';
const OU = 'ou-loca-12345678';
/** Types that keep data, that others know by id, or that cannot be replaced under the same id. */
const LASTING =
  /^aws_(s3_bucket|dynamodb_table|kms_key|sns_topic|cloudwatch_log_group|sqs_queue|ssm_parameter|ssm_document|lambda_function|lambda_permission)\./;

/** The tests depend on each other: each finds what the ones before deployed. */
describe.skipIf(missing !== undefined)('a deployment to an organization on this machine', () => {
  let org: LocalOrg;
  let folder: string;
  let context: DeployContext;
  let said: string[] = [];
  const make = (target: string, options: Record<string, string> = {}, more: Partial<DeployContext> = {}) => {
    said = [];
    return COMMANDS[target]?.({ ...context, options: optionsOf(options), ...more });
  };
  const account = (name: string) => org.organization.members.find((member) => member.name === name)?.id ?? '';
  const master = () => org.organization.master.id;
  const bucketOfState = () => `compliance-terraform-${master()}`;
  /** Reads settings and access again, as a new run of make does. */
  const reload = async () => {
    const settings = parseSettings(parse(await readFile(context.settingsPath, 'utf8')));
    context = { ...context, settings, ...(await localAccess(describeLocal(org), optionsOf(), settings)) };
  };

  beforeAll(async () => {
    org = await startLocalOrg(ORGANIZATION);
    folder = await mkdtemp(join(tmpdir(), 'deployment-'));
    const zips = {
      rule: join(folder, 'rule.zip'),
      remediation: join(folder, 'remediation.zip'),
      keeper: join(folder, 'keeper.zip'),
    };
    await copyFile(ZIPS.rule, zips.rule);
    await copyFile(ZIPS.remediation, zips.remediation);
    await copyFile(ZIPS.keeper, zips.keeper);
    const settingsPath = join(folder, 'compliance.yaml');
    const compliance = localCompliance(org, { rules: FIXES });
    await writeFile(settingsPath, `# Ours.\n${stringify(compliance)}`);
    await mkdir(join(folder, 'roots'));
    const settings = parseSettings(compliance);
    context = {
      options: optionsOf(),
      settings,
      settingsPath,
      modules: join(folder, 'modules'),
      roots: join(folder, 'roots'),
      zips,
      say: (line) => said.push(line),
      signal: new AbortController().signal,
      terraform: runTerraform,
      ...(await localAccess(describeLocal(org), optionsOf(), settings)),
    };
  });
  afterAll(async () => {
    await org.stop();
    await rm(folder, { recursive: true });
  });

  test("the bucket of Terraform's state is created once, versioned and TLS only", async () => {
    await make('bootstrap');
    await make('bootstrap');
    expect(said.join()).toContain('already exists');
    const s3 = org.client(S3Client, master());
    await expect(s3.send(new GetBucketVersioningCommand({ Bucket: bucketOfState() }))).resolves.toMatchObject(
      { Status: 'Enabled' },
    );
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucketOfState() }));
    expect(Policy).toContain('aws:SecureTransport');
    await reload();
  });
  test('the previous version can be deployed and keeps data', async () => {
    const before = { ...context, modules: join(folder, 'previous') };
    await writePreviousModules(before.modules);
    await applyRoots(before, masterRoots(before));
    await publishSettings(before);
    await keepData(org);
    expect(await dataOf(org)).toEqual(DATA);
  });
  test('this version replaces the previous one and keeps the data', async () => {
    await make('deploy-master');
    const destroyed: string[] = [];
    // One root of each module is enough: all Regions change alike.
    for (const [root] of masterRoots(context)) {
      if (root === undefined) continue;
      destroyed.push(...destroyedBy(await readPlanAsJson(context, root)));
    }
    expect(destroyed.filter((address) => LASTING.test(address))).toEqual([]);
    expect(await dataOf(org)).toEqual(DATA);
    await turnStopSwitch(org, 'off');
    for (const region of org.regions) {
      const lambda = org.client(LambdaClient, master(), region);
      const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
      expect(new Set(Functions.map(({ FunctionName }) => FunctionName))).toEqual(
        new Set(Object.values(FUNCTIONS)),
      );
    }
    const { Contents = [] } = await org
      .client(S3Client, master())
      .send(new ListObjectsV2Command({ Bucket: bucketOfState() }));
    expect(Contents.map(({ Key }) => Key)).toEqual(
      masterRoots(context)
        .flat()
        .map(({ key }) => `${key}/terraform.tfstate`)
        .toSorted(),
    );
  });
  test('a member is deployed with a recorder of its own', async () => {
    await make('deploy-member', { ACCOUNTS: account('sandbox'), CREATE_RECORDER: 'yes' });
    expect(said.join('\n')).not.toContain('will be destroyed');
  });
  test('the next run imports what an interrupted deployment of a member created', async () => {
    const [[root] = []] = memberRoots({ ...context, options: optionsOf({ ACCOUNTS: account('payments') }) });
    let roles = 0;
    org.faults(({ operation, accountId }) => {
      if (operation !== 'CreateRole' || accountId !== account('payments')) return undefined;
      roles += 1;
      if (roles < 3) return undefined;
      void endTerraform(join(context.roots, root?.key ?? ''));
      return 'hang';
    });
    await expect(make('deploy-member', { ACCOUNTS: account('payments') })).rejects.toThrow(/terraform apply/);
    org.faults(() => undefined);
    // Which of the pending resources reached the state varies; one role is removed from it in any case.
    const lost = (root && (await forgetRole(context, root))) ?? 'aws_iam_role.';
    await make('deploy-member', { ACCOUNTS: account('payments') });
    const imported = said.filter((line) => line.includes('imports what an interrupted run created'));
    expect(imported.join()).toContain(lost);
  });
  test('new code is deployed without Terraform', async () => {
    const before = await codeOf(org);
    // Appended bytes change the digest of an archive and not the program in it.
    for (const zip of Object.values(context.zips)) await appendFile(zip, '\n');
    await make('deploy-app');
    expect(await codeOf(org)).not.toBe(before);
  });
  test('a rollout that is interrupted after the canary has reached only the canary', async () => {
    const interruption = new AbortController();
    const say = (line: string) => {
      said.push(line);
      if (line.startsWith('Wave 2 of 2')) interruption.abort(new Interruption());
    };
    await expect(
      make('rollout', { CANARY: account('sandbox') }, { say, signal: interruption.signal }),
    ).rejects.toThrow(Interruption);
    expect(new Set((await readPackStatuses(context)).map(({ accountId }) => accountId))).toEqual(
      new Set([account('sandbox')]),
    );
  });
  test('a plan has only the changes of later waves, and keeps them as JSON', async () => {
    await make('plan');
    const changed = said.filter((line) => line.includes('will be') || line.includes('must be'));
    expect(changed.map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining([`rollout/${master()}/${HOME}`, `rollout/${master()}/${SECOND}`]),
    );
    expect(changed).toHaveLength(2);
    const plan = join(folder, 'plans/rollout', master(), `${SECOND}.json`);
    expect(JSON.parse(await readFile(plan, 'utf8'))).toMatchObject({ format_version: expect.any(String) });
  });
  test('the same rollout command resumes where it stopped', async () => {
    await make('rollout', { CANARY: account('sandbox') });
    expect(said).toContain('1 of 2 accounts have their packs.');
    const statuses = await readPackStatuses(context);
    expect(
      statuses.map(({ accountId, region, pack }) => `${accountId} ${region} ${pack}`).toSorted(),
    ).toEqual(
      [account('payments'), account('sandbox')]
        .flatMap((id) => [
          `${id} ${HOME} compliance-global`,
          `${id} ${HOME} compliance-regional`,
          `${id} ${SECOND} compliance-regional`,
        ])
        .toSorted(),
    );
    expect(statuses.every(isDeployed)).toBe(true);
  });
  test('the code is rolled back without Terraform', async () => {
    const after = await codeOf(org);
    await make('rollback-app');
    expect(await codeOf(org)).not.toBe(after);
  });
  test('an account that joins is enrolled, one that left is removed, and no pack or rule changes', async () => {
    const organizations = org.client(OrganizationsClient, master());
    const gone = account('payments');
    await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: gone }));
    await organizations.send(
      new CreateAccountCommand({ AccountName: 'research', Email: 'research@example.com' }),
    );
    const AccountId = account('research');
    await organizations.send(
      new MoveAccountCommand({ AccountId, SourceParentId: 'r-loca', DestinationParentId: OU }),
    );
    await org.whenIdle();
    await enrollJoining(context.settingsPath);
    await reload();
    const before = org.calls.totals();
    await make('reconcile', { CREATE_RECORDER: 'yes' });
    expect(said.join('\n')).toContain(`+ ${AccountId}  research: groups [sandbox], in Root/${OU}`);
    const after = org.calls.totals();
    for (const touching of [
      'config:PutOrganizationConformancePack',
      'config:PutConfigRule',
      'config:StartConfigRulesEvaluation',
    ] as const)
      expect(after[touching]).toBe(before[touching]);
    expect(await readFile(context.settingsPath, 'utf8')).toMatch(/^# Ours\./);
    await org.whenIdle();
    await reload();
    expect(context.settings.accounts.map(({ name, ou }) => [name, ou])).toEqual([
      ['sandbox', undefined],
      ['research', `Root/${OU}`],
    ]);
    // AWS Config deployed the packs to it without a rollout.
    const statuses = (await readPackStatuses(context)).filter(({ accountId }) => accountId === AccountId);
    expect(statuses).toHaveLength(3);
    expect(statuses.every(isDeployed)).toBe(true);
    await make('reconcile');
    expect(said).toEqual([expect.stringContaining('Nothing to do')]);
    // Stands in for a minute, after which the functions read the new settings.
    await restartFunctions(org);
  });
  test.for([
    ['sandbox', HOME, 'logs-at-home'],
    ['sandbox', SECOND, 'logs-elsewhere'],
    ['research', HOME, 'logs-of-one-that-joined'],
  ] as const)(
    'in %s, %s a bucket without versions is found, fixed and found compliant',
    async ([name, region, Bucket]) => {
      const s3 = org.client(S3Client, account(name), region);
      await s3.send(
        new CreateBucketCommand({
          Bucket,
          ...(region === HOME && { CreateBucketConfiguration: { LocationConstraint: HOME } }),
        }),
      );
      await org.whenIdle();
      await expect(s3.send(new GetBucketVersioningCommand({ Bucket }))).resolves.toMatchObject({
        Status: 'Enabled',
      });
      const filter = { accountId: account(name), region, ruleName: configRuleName('S3_ENABLE_VERSIONING') };
      expect(org.verdicts(filter).filter(({ resourceId }) => resourceId === Bucket)).toMatchObject([
        { complianceType: 'COMPLIANT' },
      ]);
    },
  );
  test('the master account logs the changed verdicts of every account and Region', async () => {
    const client = org.client(CloudWatchLogsClient, master());
    const lines: unknown[] = [];
    for await (const { events = [] } of paginateFilterLogEvents(
      { client },
      { logGroupName: CHANGES_LOG_GROUP },
    ))
      lines.push(...events.map(({ message = '' }): unknown => JSON.parse(message)));
    const change = (accountId: string, region: string, resourceId: string): unknown =>
      expect.objectContaining({
        account: accountId,
        region,
        'detail-type': 'Config Rules Compliance Change',
        detail: expect.objectContaining({
          resourceId,
          newEvaluationResult: expect.objectContaining({ complianceType: 'COMPLIANT' }),
          oldEvaluationResult: expect.objectContaining({ complianceType: 'NON_COMPLIANT' }),
        }),
      });
    expect(lines).toEqual(
      expect.arrayContaining([
        change(account('sandbox'), HOME, 'logs-at-home'),
        change(account('sandbox'), SECOND, 'logs-elsewhere'),
        change(account('research'), HOME, 'logs-of-one-that-joined'),
      ]),
    );
  });
  test('destroy keeps the data by default', async () => {
    await make('destroy');
    const buckets = await org.client(S3Client, master()).send(new ListBucketsCommand({}));
    expect(buckets.Buckets?.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^compliance-ledger-/),
        expect.stringMatching(/^compliance-settings-/),
      ]),
    );
  });
  test("destroy with KEEP_DATA=no leaves only the bucket of Terraform's state", async () => {
    await make('destroy', { KEEP_DATA: 'no' });
    expect(await leftOvers(org)).toEqual([
      `bucket ${bucketOfState()}`,
      'bucket logs-at-home',
      'bucket logs-elsewhere',
      'bucket logs-of-one-that-joined',
    ]);
    expect(org.rules()).toEqual([]);
  });
});

const optionsOf = (options: Record<string, string> = {}) =>
  parseOptions({ LOCAL: '1', YES: '1', WAIT_MINUTES: '1', ...options });

const SAMPLE = { pk: { S: 'plan#kept' }, sk: { S: 'plan' } };
/** What a customer would miss. */
const DATA = { plan: 'waiting', ledger: 'kept', stop: 'on' };

const keepData = async (org: LocalOrg) => {
  const { id } = org.organization.master;
  const Item = { ...SAMPLE, note: { S: DATA.plan } };
  await org.client(DynamoDBClient, id).send(new PutItemCommand({ TableName: STATE_TABLE, Item }));
  const object = { Bucket: ledgerBucket(id), Key: 'kept.ndjson' };
  await org.client(S3Client, id).send(new PutObjectCommand({ ...object, Body: DATA.ledger }));
  await turnStopSwitch(org, 'on');
};

const turnStopSwitch = async (org: LocalOrg, Value: 'on' | 'off') => {
  const ssm = org.client(SSMClient, org.organization.master.id);
  await ssm.send(new PutParameterCommand({ Name: STOP_PARAMETER, Value, Overwrite: true }));
};

const dataOf = async (org: LocalOrg) => {
  const { id } = org.organization.master;
  const item = await org
    .client(DynamoDBClient, id)
    .send(new GetItemCommand({ TableName: STATE_TABLE, Key: SAMPLE }));
  const object = await org
    .client(S3Client, id)
    .send(new GetObjectCommand({ Bucket: ledgerBucket(id), Key: 'kept.ndjson' }));
  const { Parameter } = await org
    .client(SSMClient, id)
    .send(new GetParameterCommand({ Name: STOP_PARAMETER }));
  return {
    plan: item.Item?.['note']?.S,
    ledger: await object.Body?.transformToString(),
    stop: Parameter?.Value,
  };
};

interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** The addresses that a plan destroys or replaces. */
const destroyedBy = (json: string): readonly string[] => {
  // The JSON output format of Terraform.
  const { resource_changes: changes = [] } = JSON.parse(json) as Plan;
  return changes.filter(({ change }) => change.actions.includes('delete')).map(({ address }) => address);
};

/** Removes an existing role from the state. */
const forgetRole = async (context: DeployContext, root: Root): Promise<string | undefined> => {
  const { output } = await runInRoot(context, root, ['state', 'list']);
  const role = output.split('\n').find((address) => address.startsWith('aws_iam_role.'));
  if (role !== undefined) await runInRoot(context, root, ['state', 'rm', role]);
  return role;
};

/** Ends Terraform as a shutdown of the machine does. */
const endTerraform = async (folder: string) => {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const [cwd, program] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readlink(`/proc/${pid}/exe`).catch(() => ''),
    ]);
    if (cwd === folder && program.endsWith('terraform')) process.kill(Number(pid), 'SIGTERM');
  }
};

const codeOf = async (org: LocalOrg) => {
  const lambda = org.client(LambdaClient, org.organization.master.id, SECOND);
  return (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTIONS.rule })))
    .CodeSha256;
};

/** Sets organization.enroll in compliance.yaml. */
const enrollJoining = async (settingsPath: string) => {
  const text = await readFile(settingsPath, 'utf8');
  await writeFile(
    settingsPath,
    text.replace('organization:\n', 'organization:\n  enroll: { groups: [sandbox] }\n'),
  );
};
