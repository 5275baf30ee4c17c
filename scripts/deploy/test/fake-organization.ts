import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeOrganizationConformancePacksCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import {
  DescribeOrganizationCommand,
  DescribeOrganizationalUnitCommand,
  ListAccountsCommand,
  ListParentsCommand,
  ListRootsCommand,
} from '@aws-sdk/client-organizations';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { AuditEvent, parseSettings } from '@compliance/core';
import { ledgerBucket } from '@compliance/infra';
import type { TerraformEnd, TerraformRun } from '@compliance/infra/terraform-cli';
import * as z from 'zod';

import { parseOptions } from '../src/base/options.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';

const MASTER = '999988887777';
const OPERATOR = 'arn:aws:sts::999988887777:assumed-role/ops/jo';

const UNANSWERED = [
  CreateLogStreamCommand,
  DeleteItemCommand,
  GetPolicyCommand,
  PublishBatchCommand,
  PutItemCommand,
  PutLogEventsCommand,
  PutObjectCommand,
];
const PACK = 'compliance-regional';
/** The organizational units. All accounts are in the first. */
const UNITS: Readonly<Record<string, { readonly name: string; readonly parent: string }>> = {
  'ou-exam-payments': { name: 'Payments', parent: 'ou-exam-workload' },
  'ou-exam-workload': { name: 'Workloads', parent: 'r-exam' },
};

/** The pack in one account. */
interface PackAccount {
  status: string;
  /** How many more polls AWS Config reports that it is in progress. */
  busy: number;
  updatedAt: number;
}

/**
 * Creates a stateful fake of what the local organization does too fast to observe, in one Region: AWS Config, which
 * takes time for a pack and fails in some accounts; Terraform, which deploys the pack; and the published settings.
 */
export const fakeOrganization = async (listed: readonly string[], unlisted: readonly string[] = []) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollout-'));
  const module = join(folder, 'modules/rollout/eu-west-1');
  await mkdir(join(module, 'packs'), { recursive: true });
  await writeFile(join(module, 'packs', `${PACK}.yaml`), '');
  await writeFile(join(module, 'main.tf.json'), JSON.stringify({ terraform: {} }));
  const state = { busy: 1, applyFails: '', tainted: false, failsAfter: Infinity };
  const said: string[] = [];
  const config = fakeConfig([MASTER, ...listed, ...unlisted], listed, state);
  const { send, objects, rows, events } = fakeCalls([MASTER, ...listed, ...unlisted], config);
  const fake = fakeTerraform({ folder, unlisted, state, put: config.put });
  const context = (
    env: Record<string, string> = {},
    signal = new AbortController().signal,
  ): DeployContext => ({
    options: parseOptions({ YES: '1', ...env }),
    settings: settingsOf(listed),
    settingsPath: join(folder, 'compliance.yaml'),
    modules: join(folder, 'modules'),
    roots: join(folder, 'roots'),
    zips: { rule: import.meta.filename, remediation: import.meta.filename, keeper: import.meta.filename },
    say: (line) => said.push(line),
    signal,
    terraform: fake.terraform,
    provider: () => ({}),
    backend: () => ({ local: {} }),
    environment: () => ({}),
    // Only `send` of a client is used.
    client: async <C>() => ({ send }) as C,
  });
  const { accounts, failing, given } = config;
  const { applied, ran, touched } = fake;
  return {
    context,
    rows,
    events,
    state,
    applied,
    objects,
    failing,
    given,
    said,
    ran,
    touched,
    accounts,
    folder,
  };
};

const settingsOf = (listed: readonly string[]) =>
  parseSettings({
    organization: {
      id: 'o-exampleorg1',
      masterAccountId: MASTER,
      externalId: 'an-external-id',
      homeRegion: 'eu-west-1',
      regions: ['eu-west-1'],
    },
    accounts: listed.map((id) => ({ id, name: `name of ${id}` })),
  });

const fakeConfig = (
  known: readonly string[],
  listed: readonly string[],
  state: { readonly busy: number },
) => {
  const accounts = new Map<string, PackAccount>();
  const failing = new Set<string>();
  /** The excluded accounts of each deployment of the pack, in order. */
  const given: (readonly string[])[] = [];
  let time = 0;
  const put = (excluded: readonly string[]) => {
    given.push(excluded);
    time += 1;
    for (const id of known.filter((candidate) => excluded.includes(candidate))) accounts.delete(id);
    for (const id of listed.filter((candidate) => !excluded.includes(candidate)))
      accounts.set(id, { status: 'CREATE_IN_PROGRESS', busy: state.busy, updatedAt: time });
  };
  const poll = (id: string, account: PackAccount) => {
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
  return { accounts, failing, given, put, poll };
};

const fakeCalls = (
  known: readonly string[],
  { accounts, given, put, poll }: ReturnType<typeof fakeConfig>,
) => {
  const objects = new Map<string, string>();
  const rows = new Map<string, object>();
  /** What was published, in order. */
  const events: AuditEvent[] = [];
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
        OrganizationConformancePackDetailedStatuses: [...accounts].map(([id, account]) => poll(id, account)),
      };
    if (command instanceof PutOrganizationConformancePackCommand) {
      put(command.input.ExcludedAccounts ?? []);
      return {};
    }
    if (command instanceof ListParentsCommand)
      return { Parents: [{ Id: UNITS[command.input.ChildId ?? '']?.parent ?? 'ou-exam-payments' }] };
    if (command instanceof DescribeOrganizationalUnitCommand)
      return { OrganizationalUnit: { Name: UNITS[command.input.OrganizationalUnitId ?? '']?.name } };
    if (command instanceof ListRootsCommand) return { Roots: [{ Id: 'r-exam', Name: 'Root' }] };
    if (
      (command instanceof PutObjectCommand || command instanceof GetObjectCommand) &&
      command.input.ExpectedBucketOwner !== MASTER
    )
      throw new Error('The call would also reach a bucket of another account.');
    if (command instanceof PutObjectCommand && command.input.Bucket !== ledgerBucket(MASTER)) {
      objects.set(command.input.Key ?? '', z.string().parse(command.input.Body));
      return {};
    }
    if (command instanceof GetObjectCommand) {
      const text = objects.get(command.input.Key ?? '');
      if (text === undefined) throw new NoSuchKey({ message: 'There is no such key.', $metadata: {} });
      return { Body: { transformToString: async () => text } };
    }
    if (command instanceof GetCallerIdentityCommand) return { Arn: OPERATOR };
    if (command instanceof GetItemCommand) return { Item: rows.get(command.input.Key?.['pk']?.S ?? '') };
    if (command instanceof PutItemCommand)
      rows.set(command.input.Item?.['pk']?.S ?? '', command.input.Item ?? {});
    if (command instanceof DeleteItemCommand) rows.delete(command.input.Key?.['pk']?.S ?? '');
    if (command instanceof PutLogEventsCommand)
      for (const { message = '' } of command.input.logEvents ?? [])
        events.push(AuditEvent.parse(JSON.parse(message)));
    if (UNANSWERED.some((Unanswered) => command instanceof Unanswered)) return {};
    throw new Error('The fake does not support this call.');
  };
  return { send, objects, rows, events };
};

interface FakeTerraformInput {
  readonly folder: string;
  readonly unlisted: readonly string[];
  readonly state: { applyFails: string; tainted: boolean; failsAfter: number };
  readonly put: (excluded: readonly string[]) => void;
}

const fakeTerraform = ({ folder, unlisted, state, put }: FakeTerraformInput) => {
  const ran: string[] = [];
  /** The roots that were applied. */
  const touched: string[] = [];
  const applied = new Map<string, string>();
  const apply = (root: string, wanted: string): TerraformEnd => {
    if ((state.failsAfter -= 1) < 0) return { code: 1, output: 'Error: throttled' };
    applied.set(root, wanted);
    if (!root.includes('/rollout/')) return { code: 0, output: 'Apply complete!' };
    put(Variables.parse(JSON.parse(wanted)).excluded_accounts.concat(unlisted));
    if (state.applyFails === '') return { code: 0, output: 'Apply complete!' };
    state.tainted = true;
    return { code: 1, output: state.applyFails };
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
    if (verb === 'apply') return apply(root, wanted);
    if (verb === 'untaint') state.tainted = false;
    if (verb === 'state' && rest[0] === 'pull') return { code: 0, output: stateOf(state.tainted) };
    if (verb === 'output') return { code: 0, output: JSON.stringify({ [PACK]: 's3://packs/x.yaml' }) };
    return { code: 0, output: '' };
  };
  return { terraform, applied, ran, touched };
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
