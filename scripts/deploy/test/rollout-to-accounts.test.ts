import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  DescribeConformancePackStatusCommand,
  PutConformancePackCommand,
} from '@aws-sdk/client-config-service';
import { parseSettings } from '@compliance/core';
import { expect, test } from 'vitest';

import type { DeployContext } from '../src/context/deploy-context.ts';
import { readPackStatuses } from '../src/packs/pack-status.ts';
import { rollOut } from '../src/packs/rollout.ts';
import { fakeOrganization } from './fake-organization.ts';

const [A, B] = ['111122223333', '222233334444'];
const PACK = 'compliance-regional';
const TIMED_OUT = `Error: waiting for ConfigService Conformance Pack (${PACK}) create: timeout while waiting`;

/** Accounts without an organization: AWS Config takes `polls` polls for a pack, and fails in some accounts. */
const start = async ({ polls = 2, applyFails = '' } = {}) => {
  const fake = await fakeOrganization([A, B]);
  const folder = join(fake.folder, 'modules/account-packs/eu-west-1');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'main.tf.json'), JSON.stringify({ terraform: {} }));
  const packs = new Map<string, { busy: number; updatedAt: number }>();
  const failing = new Set<string>();
  const redeployed: string[] = [];
  const applied = new Set<string>();
  const put = (accountId: string) =>
    packs.set(accountId, { busy: polls, updatedAt: packs.size + applied.size });
  const statusOf = (accountId: string) => {
    const pack = packs.get(accountId);
    if (!pack) return [];
    pack.busy -= 1;
    const done = failing.has(accountId) ? 'CREATE_FAILED' : 'CREATE_COMPLETE';
    return [
      {
        ConformancePackName: PACK,
        ConformancePackState: pack.busy > 0 ? 'CREATE_IN_PROGRESS' : done,
        ConformancePackStatusReason: failing.has(accountId) ? 'There is no recorder.' : undefined,
        LastUpdateRequestedTime: new Date(pack.updatedAt),
      },
      { ConformancePackName: 'somebody-elses', ConformancePackState: 'CREATE_FAILED' },
    ];
  };
  const base = fake.context({ WAIT_MINUTES: '1' });
  const { id: _, ...organization } = base.settings.organization;
  const context: DeployContext = {
    ...base,
    settings: parseSettings({ ...base.settings, organization }),
    terraform: async ({ folder: root, arguments: [verb = ''] }) => {
      if (verb === 'output') return { code: 0, output: JSON.stringify({ [PACK]: 's3://packs/x.yaml' }) };
      if (verb === 'plan') return { code: applied.has(root) ? 0 : 2, output: '' };
      if (verb !== 'apply') return { code: 0, output: '' };
      applied.add(root);
      const [, accountId] = /account-packs\/(\d+)/.exec(root) ?? [];
      if (accountId === undefined) return { code: 0, output: 'Apply complete!' };
      put(accountId);
      return applyFails === '' ? { code: 0, output: 'Apply complete!' } : { code: 1, output: applyFails };
    },
    // Only `send` of a client is used.
    client: async <C>(__: unknown, { accountId }: { accountId: string }) =>
      ({
        send: async (command: unknown) => {
          if (command instanceof DescribeConformancePackStatusCommand)
            return { ConformancePackStatusDetails: statusOf(accountId) };
          if (!(command instanceof PutConformancePackCommand)) throw new Error('The fake has no such call.');
          redeployed.push(`${accountId} ${command.input.TemplateS3Uri}`);
          packs.set(accountId, { busy: polls, updatedAt: 1000 });
          return {};
        },
      }) as C,
  };
  return { context, failing, redeployed, said: fake.said };
};

test('without an organization, a timeout of the provider fails no rollout: AWS Config is asked in each account', async () => {
  const { context, said } = await start({ applyFails: TIMED_OUT, polls: 4 });
  await rollOut(context);
  expect(said).toContain('2 of 2 accounts have their packs.');
  expect(said.at(-1)).toBe('Terraform timed out, but all accounts have their packs.');
});

test('without an organization, a failed pack is reported with account and reason', async () => {
  const { context, failing, redeployed, said } = await start({ applyFails: TIMED_OUT });
  failing.add(B);
  await expect(rollOut(context)).rejects.toThrow(
    /stops here: 1 account\(s\)[^]*222233334444 \(name of 222233334444\) .* CREATE_FAILED +There is no recorder\./,
  );
  expect(redeployed).toEqual([]);
  failing.clear();
  await rollOut(context);
  expect(said).toContain('2 of 2 accounts have their packs.');
});

test('without an organization, a pack that still fails when nothing changed is deployed again', async () => {
  const { context, failing, redeployed } = await start();
  failing.add(B);
  await expect(rollOut(context)).rejects.toThrow('stops here');
  await expect(rollOut(context)).rejects.toThrow('stops here');
  expect(redeployed).toEqual([`${B} s3://packs/x.yaml`]);
});

test('without an organization, another failure of Terraform fails the rollout', async () => {
  const { context } = await start({
    applyFails: 'Error: putting ConfigService Conformance Pack: AccessDenied',
  });
  await expect(rollOut(context)).rejects.toThrow('AccessDenied');
});

test('without an organization, the status has the packs of each account, and no others', async () => {
  const { context } = await start({ polls: 0 });
  await rollOut(context);
  const statuses = await readPackStatuses(context);
  expect(statuses.map(({ accountId, pack, status }) => [accountId, pack, status])).toEqual([
    [A, PACK, 'CREATE_COMPLETE'],
    [B, PACK, 'CREATE_COMPLETE'],
  ]);
});
