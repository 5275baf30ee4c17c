import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { parseSettings } from '@compliance/core';
import { artifactsBucket, ledgerBucket, sealedBucket } from '@compliance/infra';
import { runTerraform, whyNoTerraform } from '@compliance/infra/terraform-cli';
import { localCompliance } from '@compliance/local-deployment';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';

import { parseOptions } from '../src/base/options.ts';
import { ZIPS } from '../src/base/paths.ts';
import { COMMANDS } from '../src/commands.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { localAccess } from '../src/local/local-access.ts';
import { describeLocal, FIXES } from '../src/local/local-organization.ts';
import { applyRoots, planRoots } from '../src/terraform/apply-roots.ts';
import { createRoot, readPlanAsJson, type Root } from '../src/terraform/root.ts';
import { synth } from '../src/terraform/synth.ts';
import { ORGANIZATION, writePreviousModules } from './previous-modules.ts';

const missing = await whyNoTerraform();
if (missing !== undefined) console.warn(`Skipped: ${missing}`);

/** In the far future, so that no test waits for its end. */
const LOCKED_UNTIL = new Date('2099-01-01T00:00:00Z');

/** The tests depend on each other: each finds what the ones before deployed. */
describe.skipIf(missing !== undefined)('the locks of the ledger', () => {
  let org: LocalOrg;
  let folder: string;
  let signingKeyArn: string;
  let said: string[] = [];
  const home = () => ({ accountId: org.organization.master.id, region: org.homeRegion });
  const s3 = () => org.client(S3Client, home().accountId);
  const global = () => createRoot('master-global', home());
  const stores = (ledger_lock_days: number) =>
    createRoot('master-home', home(), { keep_data: true, ledger_lock_days });
  const keeper = () => createRoot('master-keeper', home(), { keeper_zip: ZIPS.keeper });

  /** What make works with where the ledger has these settings, its modules rendered. */
  const contextWith = async (ledger: object | undefined, options = {}): Promise<DeployContext> => {
    const settingsPath = join(folder, 'compliance.yaml');
    const compliance = { ...localCompliance(org, { rules: FIXES }), ...(ledger && { ledger }) };
    await writeFile(settingsPath, stringify(compliance));
    const settings = parseSettings(compliance);
    const parsed = parseOptions({ LOCAL: '1', YES: '1', ...options });
    said = [];
    const context = {
      options: parsed,
      settings,
      settingsPath,
      modules: join(folder, 'modules'),
      roots: join(folder, 'roots'),
      zips: ZIPS,
      say: (line: string) => said.push(line),
      signal: new AbortController().signal,
      terraform: runTerraform,
      ...(await localAccess(describeLocal(org), parsed, settings)),
    };
    await synth(context);
    return context;
  };
  const sealed = (lock: object) => ({ signingKeyArn, ...lock });
  const planOf = async (context: DeployContext, roots: readonly Root[]) => {
    await planRoots(context, roots);
    const plans = await Promise.all(roots.map((root) => readPlanAsJson(context, root)));
    return plans.flatMap(actionsIn);
  };

  /** What each rendered module says. */
  const modulesIn = async ({ modules }: DeployContext): Promise<Readonly<Record<string, string>>> => {
    const paths = (await readdir(modules, { recursive: true })).filter((path) =>
      path.endsWith('main.tf.json'),
    );
    const texts = await Promise.all(
      paths.map(async (path) => [path, await readFile(join(modules, path), 'utf8')] as const),
    );
    return Object.fromEntries(texts);
  };

  beforeAll(async () => {
    org = await startLocalOrg(ORGANIZATION);
    folder = await mkdtemp(join(tmpdir(), 'locks-'));
    await mkdir(join(folder, 'roots'));
    const { KeyMetadata } = await org
      .client(KMSClient, home().accountId)
      .send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }));
    signingKeyArn = KeyMetadata?.Arn ?? '';
    // What master-regional makes, without its waits.
    await s3().send(
      new CreateBucketCommand({
        Bucket: artifactsBucket(home().accountId, home().region),
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
  });
  afterAll(async () => {
    await org.stop();
    await rm(folder, { recursive: true });
  });

  test('a ledger that the previous release deployed without a lock is locked by this one and not replaced', async () => {
    const context = await contextWith(undefined);
    const before = { ...context, modules: join(folder, 'previous') };
    await writePreviousModules(before.modules);
    await applyRoots(before, [[global()], [stores(0)]]);
    const locking = await contextWith(sealed({ lockDays: 30 }));
    const actions = await planOf(locking, [global(), stores(30)]);
    expect(destroyed(actions)).toEqual([]);
    expect(actions).toContainEqual({
      address: 'aws_s3_bucket_object_lock_configuration.ledger_lock[0]',
      actions: ['create'],
    });
    await applyRoots(locking, [[global()], [stores(30)], [keeper()]]);
  });

  test.each([
    [0, ['aws_s3_bucket_object_lock_configuration.ledger_lock[0]']],
    [10, []],
  ])('with ledger_lock_days = %i next, no bucket is replaced', async (days, gone) => {
    const context = await contextWith(sealed({ lockDays: 30 }));
    expect(destroyed(await planOf(context, [stores(days)]))).toEqual(gone);
  });

  const LOCKS = {
    'no lock': { lockDays: 0 },
    'GOVERNANCE for 30 days': { lockDays: 30 },
    'GOVERNANCE for 400 days': { lockDays: 400 },
    'COMPLIANCE for 30 days': { lockDays: 30, lockMode: 'COMPLIANCE' },
  } as const;
  const GOVERNANCE = 'GOVERNANCE for 30 days';
  const COMPLIANCE = 'COMPLIANCE for 30 days';
  test.each([
    [GOVERNANCE, ['no lock', 'GOVERNANCE for 400 days', COMPLIANCE]],
    [COMPLIANCE, ['no lock', GOVERNANCE]],
  ] as const)(
    'after %s, another lock changes the environment of the keeper alone: %j',
    async (deployed, others) => {
      const before = await contextWith(sealed(LOCKS[deployed]));
      await applyRoots(before, [[keeper()]]);
      const modules = await modulesIn(before);
      for (const name of others) {
        const context = await contextWith(sealed(LOCKS[name]));
        const changed = Object.entries(await modulesIn(context)).filter(
          ([path, text]) => modules[path] !== text,
        );
        expect(changed.map(([path]) => path)).toEqual(['master-keeper/main.tf.json']);
        const warning = said.filter((line) => line.includes('nobody can undo COMPLIANCE, not even AWS'));
        expect(warning, name).toHaveLength(name === COMPLIANCE ? 1 : 0);
        expect(await planOf(context, [keeper()]), name).toEqual([
          { address: 'aws_lambda_function.keeper', actions: ['update'] },
        ]);
      }
    },
  );

  test('a key that is taken out of the settings would destroy what is sealed: refused', async () => {
    const context = await contextWith(undefined);
    await expect(applyRoots(context, [[global()], [stores(30)]])).rejects.toThrow(
      'Refused, and nothing was changed: the plan would destroy what holds data: aws_s3_bucket.sealed.',
    );
    const Bucket = sealedBucket(home().accountId);
    await expect(s3().send(new GetBucketPolicyCommand({ Bucket }))).resolves.toMatchObject({
      Policy: expect.stringContaining('KeeperAlone'),
    });
  });

  test('destroy with KEEP_DATA=no deletes all but what is locked, under GOVERNANCE as well, and says what stays', async () => {
    // The emulator changes the lock of an empty bucket alone, unlike AWS.
    await applyRoots(await contextWith(sealed({ lockDays: 30 })), [[stores(0)]]);
    const context = await contextWith(sealed({ lockDays: 30 }), { KEEP_DATA: 'no' });
    const Bucket = sealedBucket(home().accountId);
    await put(s3(), Bucket, 'heads/free.json', {});
    await put(s3(), Bucket, 'heads/locked.json', {
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: LOCKED_UNTIL,
    });
    await put(s3(), ledgerBucket(home().accountId), 'intake/free.ndjson', {});
    // As a run leaves it that was killed while it deleted.
    await s3().send(new DeleteBucketPolicyCommand({ Bucket }));
    await COMMANDS['destroy']?.(context);
    expect(said.filter((line) => line.includes('stays'))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${Bucket} stays, with 1 object\\(s\\) that S3 does not delete, such as heads/locked.json: AccessDenied: `,
        ),
      ),
    ]);
    const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name = '' }) => Name).toSorted()).toEqual([
      artifactsBucket(home().accountId, home().region),
      Bucket,
    ]);
    const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key: 'heads/locked.json' }));
    expect(await Body?.transformToString()).toBe('content');
    await expect(s3().send(new GetObjectCommand({ Bucket, Key: 'heads/free.json' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    await expect(s3().send(new GetBucketPolicyCommand({ Bucket }))).resolves.toMatchObject({
      Policy: expect.stringContaining('KeeperAlone'),
    });
  });
});

const Plan = z.object({
  resource_changes: z
    .array(
      z.object({ address: z.string(), mode: z.string(), change: z.object({ actions: z.array(z.string()) }) }),
    )
    .default([]),
});

/** The resources that a plan changes, and how. */
const actionsIn = (json: string) =>
  Plan.parse(JSON.parse(json))
    .resource_changes.filter(({ mode, change }) => mode === 'managed' && change.actions.join() !== 'no-op')
    .map(({ address, change }) => ({ address, actions: change.actions }));

const destroyed = (actions: ReturnType<typeof actionsIn>) =>
  actions.filter((one) => one.actions.includes('delete')).map(({ address }) => address);

const put = (s3: S3Client, Bucket: string, Key: string, lock: object) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: 'content', ...lock }));
