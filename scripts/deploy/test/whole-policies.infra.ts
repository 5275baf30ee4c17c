import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { parseSettings } from '@compliance/core';
import { FUNCTIONS, POLICY_STATEMENTS } from '@compliance/infra';
import {
  runTerraform,
  whyNoTerraform,
  type TerraformEnd,
  type TerraformRun,
} from '@compliance/infra/terraform-cli';
import { localCompliance } from '@compliance/local-deployment';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';

import { parseOptions } from '../src/base/options.ts';
import { ZIPS } from '../src/base/paths.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { deployMaster } from '../src/functions/deploy-master.ts';
import { localAccess } from '../src/local/local-access.ts';
import { describeLocal } from '../src/local/local-organization.ts';
import { FORGOTTEN, runInRoot, type Root } from '../src/terraform/root.ts';
import { masterRoots } from '../src/terraform/roots.ts';
import { synth } from '../src/terraform/synth.ts';

const missing = await whyNoTerraform();
if (missing !== undefined) console.warn(`Skipped: ${missing}`);

const HOME = 'eu-west-1';
const KEYS = ['rule', 'remediation'] as const;
const OPTIONS = parseOptions({ YES: '1' });

/** The tests depend on each other: each finds what the ones before deployed. */
describe.skipIf(missing !== undefined)('a change to whole resource policies, and to statements again', () => {
  let org: LocalOrg;
  let folder: string;
  let context: DeployContext;
  let said: string[] = [];

  beforeAll(async () => {
    org = await startLocalOrg({ homeRegion: HOME, members: [{ name: 'payments' }, { name: 'sandbox' }] });
    folder = await mkdtemp(join(tmpdir(), 'whole-policies-'));
    const zips = { rule: join(folder, 'r.zip'), remediation: join(folder, 'm.zip'), keeper: ZIPS.keeper };
    for (const key of KEYS) await copyFile(ZIPS[key], zips[key]);
    await mkdir(join(folder, 'roots'));
    const settings = parseSettings(localCompliance(org));
    context = {
      options: OPTIONS,
      settings,
      settingsPath: join(folder, 'compliance.yaml'),
      modules: join(folder, 'modules'),
      roots: join(folder, 'roots'),
      zips,
      say: (line) => said.push(line),
      signal: new AbortController().signal,
      terraform: withStandInType,
      ...(await localAccess(describeLocal(org), OPTIONS, settings)),
    };
  });
  afterAll(async () => {
    await org.stop();
    await rm(folder, { recursive: true });
  });

  /** Renders the modules for these settings of the organization. */
  const render = async (organization: object): Promise<void> => {
    said = [];
    const compliance = localCompliance(org, { organization });
    await writeFile(context.settingsPath, stringify(compliance));
    context = { ...context, settings: parseSettings(compliance) };
    await synth(context);
  };
  /** The calls that change who may invoke a function, while something runs, in order. */
  const changesDuring = async (run: () => Promise<void>): Promise<readonly string[]> => {
    const before = org.calls.latest().length;
    await run();
    return org.calls
      .latest()
      .slice(before)
      .filter(
        ({ service, operation }) => service === 'lambda' && /(Permission|ResourcePolicy)$/.test(operation),
      )
      .map(({ operation }) => operation)
      .filter((operation) => !operation.startsWith('Get'));
  };
  const statementsOf = async (key: (typeof KEYS)[number]): Promise<readonly string[]> => {
    const lambda = org.client(LambdaClient, org.organization.master.id);
    const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName: FUNCTIONS[key] }));
    return Statements.parse(JSON.parse(Policy)).Statement.map(({ Sid }) => Sid);
  };
  const regional = (): Root => {
    const [, , [root] = []] = masterRoots(context);
    if (root === undefined) throw new Error('There is no regional root.');
    return root;
  };
  const addressesIn = async (root: Root): Promise<readonly string[]> =>
    (await runInRoot(context, root, ['state', 'list'])).output.split('\n');
  const byAccount = () => org.organization.members.map(({ id }) => `config-${id}`).toSorted();

  test('by default each account has a statement', async () => {
    await render({});
    await deployMaster(context);
    expect((await statementsOf('rule')).toSorted()).toEqual(byAccount());
    await expect(statementsOf('remediation')).resolves.toEqual(['organization']);
  });

  test('the policy for the organization is put in one call that replaces the statements of a function, and none is removed before', async () => {
    await render({ invokePermission: 'organization' });
    await useStandIns(context.modules);
    await expect(changesDuring(() => deployMaster(context))).resolves.toEqual([
      'PutResourcePolicy',
      'PutResourcePolicy',
    ]);
    expect(said.join('\n')).toMatch(/aws_lambda_permission\.rule_config\["\d+"\] will no longer be managed/);
    expect(said.join('\n')).toContain('does not document that AWS Config sends it');
    for (const key of KEYS) await expect(statementsOf(key)).resolves.toEqual([POLICY_STATEMENTS[key]]);
    const addresses = await addressesIn(regional());
    expect(addresses.filter((one) => one.startsWith('aws_lambda_permission.'))).toEqual([]);
    expect(addresses.filter((one) => one.startsWith(WHOLE))).toHaveLength(2);
  });

  test('going back adds the statements before those of the organization are removed', async () => {
    await render({});
    const changes = await changesDuring(() => deployMaster(context));
    expect(changes).toEqual([
      ...Array.from({ length: 3 }, () => 'AddPermission'),
      ...Array.from({ length: 2 }, () => 'RemovePermission'),
    ]);
    expect(said.join('\n')).toMatch(/aws_lambda_resource_policy\.rule_policy will no longer be managed/);
    expect((await addressesIn(regional())).filter((one) => one.startsWith(WHOLE))).toEqual([]);
    expect((await statementsOf('rule')).toSorted()).toEqual(byAccount());
    await expect(statementsOf('remediation')).resolves.toEqual(['organization']);
    await expect(changesDuring(() => deployMaster(context))).resolves.toEqual([]);
  });

  test('a version of the provider that the module no longer accepts is replaced', async () => {
    const root = regional();
    const lock = join(context.roots, root.key, '.terraform.lock.hcl');
    await writeFile(lock, (await readFile(lock, 'utf8')).replaceAll('5.100.0', '5.99.0'));
    await rm(join(context.roots, root.key, '.terraform/initialized-for'));
    await deployMaster(context);
    await expect(readFile(lock, 'utf8')).resolves.toContain('5.100.0');
  });
});

const Statements = z.object({ Statement: z.array(z.object({ Sid: z.string() })) });

const Module = z.looseObject({
  terraform: z.unknown(),
  resource: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/**
 * Puts a type that Terraform has built in in the place of the provider's, which 5.100 does not have. It makes the same
 * call when it is created; the rest of the module, its `removed` blocks above all, is as emitted, but for the versions.
 */
const useStandIns = async (modules: string): Promise<void> => {
  const path = join(modules, 'master-regional/main.tf.json');
  const { resource, ...others } = await readModule(path);
  const { terraform } = await readModule(join(modules, 'master-home/main.tf.json'));
  const { aws_lambda_resource_policy: policies = {}, ...known } = resource;
  const standIns = Object.fromEntries(
    Object.entries(policies).map(([name, input]) => [name, { input, provisioner: [{ 'local-exec': PUT }] }]),
  );
  await writeFile(
    path,
    JSON.stringify({ ...others, terraform, resource: { ...known, terraform_data: standIns } }),
  );
};

const readModule = async (path: string) => Module.parse(JSON.parse(await readFile(path, 'utf8')));

const PUT = {
  command: `${process.execPath} --input-type=module -e "$CODE"`,
  working_dir: import.meta.dirname,
  environment: {
    CODE: [
      'import { LambdaClient, PutResourcePolicyCommand } from "@aws-sdk/client-lambda";',
      'const { RESOURCE_ARN: ResourceArn, POLICY: Policy } = process.env;',
      'await new LambdaClient({}).send(new PutResourcePolicyCommand({ ResourceArn, Policy }));',
    ].join('\n'),
    RESOURCE_ARN: '${self.input.resource_arn}',
    POLICY: '${self.input.policy}',
    AWS_REGION: HOME,
  },
};

/** Terraform with the stand-ins under the type that the provider's resource has. */
const withStandInType = async (run: TerraformRun): Promise<TerraformEnd> => {
  const forgotten = join(run.folder, FORGOTTEN);
  if (run.arguments[0] === 'plan' && existsSync(forgotten))
    await writeFile(forgotten, (await readFile(forgotten, 'utf8')).replaceAll(WHOLE, STAND_IN));
  const end = await runTerraform(run);
  return { ...end, output: end.output.replaceAll(STAND_IN, WHOLE) };
};

const WHOLE = 'aws_lambda_resource_policy.';
const STAND_IN = 'terraform_data.';
