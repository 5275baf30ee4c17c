import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { configRuleName, parseSettings } from '@compliance/core';
import { FUNCTIONS } from '@compliance/infra';
import { whyNoTerraform } from '@compliance/infra/terraform-cli';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { planRoots } from '../src/apply-roots.ts';
import { COMMANDS } from '../src/commands.ts';
import { localAccess } from '../src/local-access.ts';
import { describeLocal, localSettings } from '../src/local-organization.ts';
import { parseOptions } from '../src/options.ts';
import { packStatuses } from '../src/pack-status.ts';
import { ZIPS } from '../src/paths.ts';
import { masterRoots, memberRoots, rolloutRoots } from '../src/roots-of.ts';
import type { Where } from '../src/where.ts';

const missing = await whyNoTerraform();
if (missing !== undefined) console.warn(`Skipped: ${missing}`);

const HOME = 'eu-west-1';
const SECOND = 'us-east-1';

/** In this order: what one test deployed is what the next one finds. */
describe.skipIf(missing !== undefined)('what Terraform deploys to an organization on this machine', () => {
  let org: LocalOrg;
  let folder: string;
  let where: Where;
  const said: string[] = [];
  const make = (target: string, options: Record<string, string> = {}) =>
    COMMANDS[target]?.({ ...where, options: parseOptions({ LOCAL: '1', YES: '1', ...options }) });
  const account = (name: string) => org.organization.members.find((member) => member.name === name)?.id ?? '';
  const allRoots = () => [
    ...masterRoots(where).flat(),
    ...memberRoots(where).flat(),
    ...rolloutRoots(where, []),
  ];

  beforeAll(async () => {
    org = await startLocalOrg({
      homeRegion: HOME,
      regions: [HOME, SECOND],
      members: [{ name: 'payments' }, { name: 'sandbox' }],
      // The recorder's role has one of AWS's own policies.
      managedPolicies: true,
    });
    folder = await mkdtemp(join(tmpdir(), 'deployment-'));
    const zips = { rule: join(folder, 'rule.zip'), remediation: join(folder, 'remediation.zip') };
    await copyFile(ZIPS.rule, zips.rule);
    await copyFile(ZIPS.remediation, zips.remediation);
    const settingsPath = join(folder, 'compliance.yaml');
    await writeFile(settingsPath, stringify(localSettings(org)));
    await mkdir(join(folder, 'roots'));
    where = {
      options: parseOptions({ LOCAL: '1', YES: '1' }),
      settings: parseSettings(localSettings(org)),
      settingsPath,
      modules: join(folder, 'modules'),
      roots: join(folder, 'roots'),
      zips,
      say: (line) => said.push(line),
      ...localAccess(describeLocal(org)),
    };
  });
  afterAll(async () => {
    await org.stop();
    await rm(folder, { recursive: true });
  });

  test('the master account, in two Regions', async () => {
    await make('deploy-master');
    for (const region of [HOME, SECOND]) {
      const lambda = org.client(LambdaClient, org.organization.master.id, region);
      const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
      const names = Functions.map(({ FunctionName }) => FunctionName);
      expect(names).toHaveLength(2);
      expect(names).toEqual(expect.arrayContaining(Object.values(FUNCTIONS)));
    }
  });
  test('the members, one of them with a recorder of its own', async () => {
    await make('deploy-member', { ACCOUNTS: account('sandbox'), CREATE_RECORDER: 'yes' });
    await make('deploy-member');
    expect(said.join('\n')).not.toContain('will be destroyed');
  });
  test('the packs, to the canary before the others', async () => {
    await make('rollout', { CANARY: account('sandbox') });
    expect(said).toContain('Rolling out to 1 of 2 accounts.');
    const statuses = await packStatuses(where);
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
    expect(statuses.every(({ status }) => status.endsWith('_SUCCESSFUL'))).toBe(true);
  });
  test('a second plan has no changes', async () => {
    const planned = await planRoots(where, allRoots());
    expect(planned.flatMap(({ root, changes }) => changes.map((change) => `${root.key}: ${change}`))).toEqual(
      [],
    );
  });
  test.for([
    [HOME, 'logs-at-home'],
    [SECOND, 'logs-elsewhere'],
  ] as const)(
    'in %s a bucket without versions is found, fixed and found compliant',
    async ([region, Bucket]) => {
      const s3 = org.client(S3Client, account('sandbox'), region);
      await s3.send(
        new CreateBucketCommand({
          Bucket,
          ...(region === HOME && { CreateBucketConfiguration: { LocationConstraint: HOME } }),
        }),
      );
      await org.settled();
      await expect(s3.send(new GetBucketVersioningCommand({ Bucket }))).resolves.toMatchObject({
        Status: 'Enabled',
      });
      const filter = {
        accountId: account('sandbox'),
        region,
        ruleName: configRuleName('S3_ENABLE_VERSIONING'),
      };
      expect(org.verdicts(filter).filter(({ resourceId }) => resourceId === Bucket)).toMatchObject([
        { complianceType: 'COMPLIANT' },
      ]);
    },
  );
  test('new code comes and goes without Terraform, which leaves it alone', async () => {
    const lambda = org.client(LambdaClient, org.organization.master.id, SECOND);
    const code = async () =>
      (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTIONS.rule }))).CodeSha256;
    const before = await code();
    // A comment at the end of an archive: other bytes, the same program.
    for (const zip of Object.values(where.zips)) await appendFile(zip, '\n');
    await make('deploy-app');
    expect(await code()).not.toBe(before);
    const planned = await planRoots(where, masterRoots(where).flat());
    expect(planned.flatMap(({ changes }) => changes)).toEqual([]);
    await make('rollback-app');
    expect(await code()).toBe(before);
  });
  test('destroying keeps the data until it is told otherwise', async () => {
    await make('destroy');
    const buckets = await org.client(S3Client, org.organization.master.id).send(new ListBucketsCommand({}));
    expect(buckets.Buckets?.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^compliance-ledger-/),
        expect.stringMatching(/^compliance-settings-/),
      ]),
    );
  });
  test('destroying all leaves nothing', async () => {
    await make('destroy', { KEEP_DATA: 'no' });
    expect(await leftOvers(org)).toEqual(['bucket logs-at-home', 'bucket logs-elsewhere']);
    expect(org.rules()).toEqual([]);
  });
});

/** Of what Terraform made; the emulator's service-linked roles and policies of AWS are not ours. */
const leftOvers = async (org: LocalOrg): Promise<readonly string[]> => {
  const { master, members } = org.organization;
  const found: string[] = [];
  for (const { id } of [master, ...members]) {
    const iam = org.client(IAMClient, id);
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/' }));
    const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    found.push(...Roles.filter(({ Path }) => Path === '/').map(({ RoleName }) => `role ${RoleName}`));
    found.push(...Policies.map(({ PolicyName }) => `policy ${PolicyName}`));
    for (const region of org.regions) {
      const lambda = await org.client(LambdaClient, id, region).send(new ListFunctionsCommand({}));
      found.push(...(lambda.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`));
      const tables = await org.client(DynamoDBClient, id, region).send(new ListTablesCommand({}));
      found.push(...(tables.TableNames ?? []).map((name) => `table ${name}`));
    }
    const { Buckets = [] } = await org.client(S3Client, id).send(new ListBucketsCommand({}));
    found.push(...Buckets.map(({ Name }) => `bucket ${Name}`));
  }
  return found.toSorted();
};
