import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import {
  DescribeOrganizationConformancePacksCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service';
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListParentsCommand,
} from '@aws-sdk/client-organizations';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { parseSettings } from '@compliance/core';
import type { TerraformEnd, TerraformRun } from '@compliance/infra/terraform-cli';
import * as z from 'zod';

import { parseOptions } from '../src/base/options.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';

const MASTER = '999988887777';
const PACK = 'compliance-regional';

interface Account {
  status: string;
  /** How often AWS Config still says that it is at work. */
  busy: number;
  updatedAt: number;
}

/**
 * A stateful fake, of what the local organization does too fast to be seen: AWS Config that takes its time with a pack
 * and fails in some accounts, in one Region; Terraform that gives it the pack; and the settings that were published.
 */
export const fakeOrganization = async (listed: readonly string[], unlisted: readonly string[] = []) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollout-'));
  const module = join(folder, 'modules/rollout/eu-west-1');
  await mkdir(join(module, 'packs'), { recursive: true });
  await writeFile(join(module, 'packs', `${PACK}.yaml`), '');
  await writeFile(join(module, 'main.tf.json'), JSON.stringify({ terraform: {} }));
  const known = [MASTER, ...listed, ...unlisted];
  const accounts = new Map<string, Account>();
  const failing = new Set<string>();
  /** What AWS Config was given, in order: who is left out. */
  const given: (readonly string[])[] = [];
  const said: string[] = [];
  const ran: string[] = [];
  /** The roots that were applied. */
  const touched: string[] = [];
  const state = { busy: 1, applyFails: '', tainted: false, failsAfter: Infinity };
  const applied = new Map<string, string>();
  const objects = new Map<string, string>();
  let time = 0;

  const put = (excluded: readonly string[]) => {
    given.push(excluded);
    time += 1;
    for (const id of known.filter((candidate) => excluded.includes(candidate))) accounts.delete(id);
    for (const id of listed.filter((candidate) => !excluded.includes(candidate)))
      accounts.set(id, { status: 'CREATE_IN_PROGRESS', busy: state.busy, updatedAt: time });
  };
  const look = (id: string, account: Account) => {
    if (account.busy > 0) account.busy -= 1;
    else if (account.status === 'CREATE_IN_PROGRESS') {
      account.status = failing.has(id) ? 'CREATE_FAILED' : 'CREATE_SUCCESSFUL';
      account.updatedAt = time += 1;
    }
    return {
      AccountId: id,
      Status: account.status,
      LastUpdateTime: new Date(account.updatedAt),
      ...(account.status === 'CREATE_FAILED' && { ErrorMessage: 'There is no recorder.' }),
    };
  };

  const send = async (command: unknown): Promise<object> => {
    if (command instanceof DescribeOrganizationCommand)
      return { Organization: { Id: 'o-exampleorg1', MasterAccountId: MASTER } };
    if (command instanceof ListAccountsCommand)
      return { Accounts: known.map((Id) => ({ Id, Name: Id, Status: 'ACTIVE' })) };
    if (command instanceof DescribeOrganizationConformancePacksCommand)
      return {
        OrganizationConformancePacks: given
          .slice(-1)
          .map((ExcludedAccounts) => ({ OrganizationConformancePackName: PACK, ExcludedAccounts })),
      };
    if (command instanceof GetOrganizationConformancePackDetailedStatusCommand)
      return {
        OrganizationConformancePackDetailedStatuses: [...accounts].map(([id, account]) => look(id, account)),
      };
    if (command instanceof PutOrganizationConformancePackCommand) {
      put(command.input.ExcludedAccounts ?? []);
      return {};
    }
    if (command instanceof ListParentsCommand) return { Parents: [{ Id: 'ou-exam-12345678' }] };
    if (command instanceof PutObjectCommand) {
      objects.set(command.input.Key ?? '', z.string().parse(command.input.Body));
      return {};
    }
    if (command instanceof GetObjectCommand) {
      const text = objects.get(command.input.Key ?? '');
      if (text === undefined) throw new NoSuchKey({ message: 'There is no such key.', $metadata: {} });
      return { Body: { transformToString: async () => text } };
    }
    throw new Error('The fake does not know this call.');
  };

  const terraform = async ({
    folder: root,
    arguments: [verb = '', ...rest],
  }: TerraformRun): Promise<TerraformEnd> => {
    ran.push([verb, ...rest].join(' '));
    if (verb === 'apply') touched.push(relative(join(folder, 'roots'), root));
    const wanted = await readFile(join(root, 'terraform.tfvars.json'), 'utf8').catch(() => '');
    if (verb === 'plan') {
      if (wanted === applied.get(root)) return { code: 0, output: '' };
      return { code: 2, output: '  # aws_config_organization_conformance_pack.x will be updated in-place\n' };
    }
    if (verb === 'apply') {
      if ((state.failsAfter -= 1) < 0) return { code: 1, output: 'Error: throttled' };
      applied.set(root, wanted);
      if (!root.includes('/rollout/')) return { code: 0, output: 'Apply complete!' };
      put(Variables.parse(JSON.parse(wanted)).excluded_accounts.concat(unlisted));
      if (state.applyFails === '') return { code: 0, output: 'Apply complete!' };
      state.tainted = true;
      return { code: 1, output: state.applyFails };
    }
    if (verb === 'untaint') state.tainted = false;
    if (verb === 'state' && rest[0] === 'pull') return { code: 0, output: stateOf(state.tainted) };
    if (verb === 'output') return { code: 0, output: JSON.stringify({ [PACK]: 's3://packs/x.yaml' }) };
    return { code: 0, output: '' };
  };

  const context = (
    env: Record<string, string> = {},
    signal = new AbortController().signal,
  ): DeployContext => ({
    options: parseOptions({ YES: '1', ...env }),
    settings: parseSettings({
      organization: {
        id: 'o-exampleorg1',
        masterAccountId: MASTER,
        externalId: 'an-external-id',
        homeRegion: 'eu-west-1',
        regions: ['eu-west-1'],
      },
      accounts: listed.map((id) => ({ id, name: `name of ${id}` })),
    }),
    settingsPath: join(folder, 'compliance.yaml'),
    modules: join(folder, 'modules'),
    roots: join(folder, 'roots'),
    zips: { rule: import.meta.filename, remediation: import.meta.filename },
    say: (line) => said.push(line),
    signal,
    terraform,
    provider: () => ({}),
    backend: () => ({ local: {} }),
    environment: () => ({}),
    // Of a client, only `send` is used.
    client: async <C>() => ({ send }) as C,
  });
  return { context, state, applied, objects, failing, given, said, ran, touched, accounts, folder };
};

const Variables = z.object({ excluded_accounts: z.array(z.string()) });

const stateOf = (tainted: boolean) =>
  JSON.stringify({
    resources: [
      {
        type: 'aws_config_organization_conformance_pack',
        name: 'x',
        instances: [tainted ? { status: 'tainted' } : {}],
      },
    ],
  });
