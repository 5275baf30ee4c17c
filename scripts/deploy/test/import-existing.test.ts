import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { TerraformEnd, TerraformRun } from '@compliance/infra/terraform-cli';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';

import { createRoot } from '../src/terraform/root.ts';
import { applyPlanned } from '../src/terraform/import-existing.ts';
import { fakeOrganization } from './fake-organization.ts';

const ACCOUNT = '111122223333';
const root = createRoot('member-global', { accountId: ACCOUNT, region: 'eu-west-1' });
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const NAMES: Readonly<Record<string, string>> = {
  'aws_iam_role.evaluate': 'EntityAlreadyExists: Role with name compliance-evaluate already exists.',
  'aws_iam_policy.evaluate': 'EntityAlreadyExists: A policy called compliance-evaluate already exists.',
  'aws_s3_bucket.settings': 'BucketAlreadyExists: The requested bucket name is not available.',
  'aws_sqs_queue.failures': 'QueueAlreadyExists: there is one with other attributes',
};

const WANTED = { name: 'compliance-evaluate', bucket: 'compliance-settings', path: '/', force_destroy: true };

/** A stateful fake of Terraform in an account with resources that are not in its state. */
const setUp = async ({
  existing,
  live = {},
  failing = '',
  bucketOwner = ACCOUNT,
}: {
  readonly existing: readonly string[];
  /** Attributes in AWS that differ from the configuration. */
  readonly live?: Readonly<Record<string, object>>;
  readonly failing?: string;
  /** Who owns the bucket. It lets everybody read it. */
  readonly bucketOwner?: string;
}) => {
  const { context } = await fakeOrganization([ACCOUNT]);
  const roots = await mkdtemp(join(tmpdir(), 'import-existing-'));
  folders.push(roots);
  const folder = join(roots, root.key);
  await mkdir(folder, { recursive: true });
  const imported = new Map<string, string>();
  let applies = 0;

  const changes = () =>
    Object.keys(NAMES).map((address) => ({
      address,
      type: address.split('.')[0],
      change: {
        actions: [!imported.has(address) ? 'create' : live[address] ? 'update' : 'no-op'],
        before: imported.has(address) ? { ...WANTED, ...live[address] } : null,
        after: WANTED,
      },
    }));
  const plan = async (): Promise<TerraformEnd> => {
    const { import: imports } = Imports.parse(
      JSON.parse(await readFile(join(folder, 'imports.tf.json'), 'utf8')),
    );
    for (const { to, id } of imports) imported.set(to, id);
    return { code: 0, output: '' };
  };
  const apply = (): TerraformEnd => {
    applies += 1;
    if (failing !== '') return { code: 1, output: failing };
    // A dependent resource is not reached before its dependency exists.
    const blocked = existing.filter((address) => !imported.has(address)).slice(0, 1);
    return blocked.length === 0
      ? { code: 0, output: 'Apply complete! Resources: 1 added' }
      : { code: 1, output: blocked.map(errorOf).join('\n') };
  };
  const terraform = async ({ arguments: [verb] }: TerraformRun): Promise<TerraformEnd> => {
    if (verb === 'plan') return plan();
    if (verb === 'apply') return apply();
    return { code: 0, output: JSON.stringify({ resource_changes: changes() }) };
  };
  const said: string[] = [];
  const send = async (command: unknown) => {
    if (command instanceof HeadBucketCommand && command.input.ExpectedBucketOwner !== bucketOwner)
      throw Object.assign(new Error('UnknownError'), { name: '403' });
    return {};
  };
  const run = () =>
    applyPlanned(
      {
        ...context(),
        roots,
        terraform,
        say: (line) => void said.push(line),
        // Only `send` of a client is used.
        client: async <C>() => ({ send }) as C,
      },
      root,
    );
  return { run, imported, said, folder, applies: () => applies };
};

const Imports = z.object({ import: z.array(z.object({ to: z.string(), id: z.string() })) });

const errorOf = (address: string) => `
Error: creating it: operation error, https response error StatusCode: 409, ${NAMES[address]}

  with ${address},
  on main.tf.json line 41, in resource.${address}:
  41:       },
`;

test('the resources of an interrupted run are imported one after the other', async () => {
  const { run, imported, said, folder, applies } = await setUp({
    existing: ['aws_iam_role.evaluate', 'aws_iam_policy.evaluate'],
  });
  await expect(run()).resolves.toMatchObject({ code: 0 });
  expect([...imported]).toEqual([
    ['aws_iam_role.evaluate', 'compliance-evaluate'],
    ['aws_iam_policy.evaluate', `arn:aws:iam::${ACCOUNT}:policy/compliance-evaluate`],
  ]);
  expect(applies()).toBe(3);
  expect(said).toContain(`${root.key}: imports what an interrupted run created: aws_iam_role.evaluate`);
  expect(existsSync(join(folder, 'imports.tf.json'))).toBe(false);
});

test('a different resource with one of our names is reported with the alternatives and not changed', async () => {
  const { run, applies, folder } = await setUp({
    existing: ['aws_iam_role.evaluate'],
    live: { 'aws_iam_role.evaluate': { path: '/theirs/' } },
  });
  await expect(run()).rejects.toThrow(
    /already exist in account 111122223333[^]*aws_iam_role.evaluate: compliance-evaluate, different: path\n[^]*terraform -chdir=\S+ import 'aws_iam_role.evaluate' 'compliance-evaluate'/,
  );
  expect(applies()).toBe(1);
  expect(existsSync(join(folder, 'imports.tf.json'))).toBe(false);
});

test('a bucket of an interrupted run is imported after S3 confirms its owner', async () => {
  const { run, imported } = await setUp({ existing: ['aws_s3_bucket.settings'] });
  await expect(run()).resolves.toMatchObject({ code: 0 });
  expect([...imported]).toEqual([['aws_s3_bucket.settings', 'compliance-settings']]);
});

test('a bucket that exists in a foreign account is never imported', async () => {
  const { run, imported, applies } = await setUp({
    existing: ['aws_s3_bucket.settings'],
    bucketOwner: '444455556666',
  });
  await expect(run()).rejects.toThrow(
    'The bucket compliance-settings exists, and S3 does not confirm that account 111122223333 owns it',
  );
  expect([...imported]).toEqual([]);
  expect(applies()).toBe(1);
});

test('an attribute that exists only in the state does not prevent an import', async () => {
  const { run, imported } = await setUp({
    existing: ['aws_iam_role.evaluate'],
    live: { 'aws_iam_role.evaluate': { force_destroy: null } },
  });
  await expect(run()).resolves.toMatchObject({ code: 0 });
  expect([...imported.keys()]).toEqual(['aws_iam_role.evaluate']);
});

test('a resource that cannot be imported by name fails with the original error', async () => {
  const { run, imported } = await setUp({ existing: ['aws_sqs_queue.failures'] });
  await expect(run()).rejects.toThrow(/terraform apply of member-global\S+ failed:[^]*QueueAlreadyExists/);
  expect([...imported]).toEqual([]);
});

test('any other failure is reported unchanged', async () => {
  const { run, applies } = await setUp({ existing: [], failing: 'Error: AccessDenied\n\n  with x.y,\n' });
  await expect(run()).rejects.toThrow(/AccessDenied/);
  expect(applies()).toBe(1);
});
