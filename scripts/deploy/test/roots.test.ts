import { parseSettings } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { formatStatuses } from '../src/packs/pack-status.ts';
import { parseOptions } from '../src/base/options.ts';
import { memberRoots, masterRoots, rolloutRoots } from '../src/terraform/roots.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';

const MASTER = '999988887777';
const ANY_FILE = import.meta.filename;

const context = (env: Record<string, string> = {}, settings: object = {}): DeployContext => ({
  options: parseOptions(env),
  settings: parseSettings({
    organization: {
      id: 'o-exampleorg1',
      masterAccountId: MASTER,
      externalId: 'an-external-id',
      homeRegion: 'us-east-1',
      regions: ['eu-west-1', 'us-east-1'],
    },
    accounts: ['111122223333', '444455556666'].map((id) => ({ id, name: id })),
    ...settings,
  }),
  settingsPath: 'compliance.yaml',
  modules: 'modules',
  roots: 'roots',
  zips: { rule: ANY_FILE, remediation: ANY_FILE, keeper: ANY_FILE },
  say: () => {},
  signal: new AbortController().signal,
  terraform: () => Promise.reject(new Error('no Terraform here')),
  provider: () => ({}),
  backend: () => ({}),
  environment: () => ({}),
  client: () => Promise.reject(new Error('no calls here')),
});
const keys = (stages: ReturnType<typeof masterRoots>) => stages.map((stage) => stage.map(({ key }) => key));

describe('states', () => {
  test('the global root of the master comes first, then the home Region, then the others', () => {
    expect(keys(masterRoots(context()))).toEqual([
      [`master-global/${MASTER}/us-east-1`],
      [`master-home/${MASTER}/us-east-1`],
      [`master-regional/${MASTER}/us-east-1`, `master-regional/${MASTER}/eu-west-1`],
    ]);
  });
  test('the keeper comes last, in the home Region alone, where the settings name a key', () => {
    const ledger = { signingKeyArn: `arn:aws:kms:us-east-1:${MASTER}:key/1234abcd` };
    const stages = masterRoots(context({}, { ledger }));
    expect(keys(stages).slice(3)).toEqual([[`master-keeper/${MASTER}/us-east-1`]]);
    expect(stages.flat().at(-1)?.variables).toEqual({ keeper_zip: ANY_FILE });
  });
  test('the hosted dashboard is deployed beside the keeper, where the settings ask for it', () => {
    const dashboard = { allow: ['203.0.113.0/24'] };
    const ledger = { signingKeyArn: `arn:aws:kms:us-east-1:${MASTER}:key/1234abcd` };
    expect(keys(masterRoots(context({}, { dashboard }))).slice(3)).toEqual([
      [`master-dashboard/${MASTER}/us-east-1`],
    ]);
    expect(keys(masterRoots(context({}, { dashboard, ledger }))).slice(3)).toEqual([
      [`master-keeper/${MASTER}/us-east-1`, `master-dashboard/${MASTER}/us-east-1`],
    ]);
  });
  test('another Region adds one root, without IAM', () => {
    expect(keys(memberRoots(context({ ACCOUNTS: '111122223333', REGIONS: 'eu-west-1' })))).toEqual([
      ['member-global/111122223333/us-east-1'],
      ['member-regional/111122223333/eu-west-1'],
    ]);
  });
  test('a rollout has a root for each Region, and excludes the accounts of later waves', () => {
    expect(rolloutRoots(context(), () => ['444455556666'])).toMatchObject([
      {
        module: 'rollout/us-east-1',
        key: `rollout/${MASTER}/us-east-1`,
        variables: { excluded_accounts: ['444455556666'] },
      },
      { module: 'rollout/eu-west-1', key: `rollout/${MASTER}/eu-west-1` },
    ]);
  });
  test('a missing bundle is reported before anything is planned', () => {
    expect(() =>
      masterRoots({ ...context(), zips: { rule: '/nowhere.zip', remediation: ANY_FILE, keeper: ANY_FILE } }),
    ).toThrow('/nowhere.zip. Run make build first');
  });
});

describe('a recorder', () => {
  const created = (env: Record<string, string>, addresses: readonly string[]) => {
    const [root] = memberRoots(context(env))[1] ?? [];
    return typeof root?.variables === 'function' ? root.variables(addresses)['create_recorder'] : undefined;
  };
  const THERE = ['aws_config_configuration_recorder.recorder[0]'];

  test.for([
    ['a recorder is not created by default', {}, [], false],
    ['a recorder is created with CREATE_RECORDER=yes', { CREATE_RECORDER: 'yes' }, [], true],
    ['an existing recorder stays by default', {}, THERE, true],
    ['an existing recorder is removed with CREATE_RECORDER=no', { CREATE_RECORDER: 'no' }, THERE, false],
  ] as const)('%s', ([, env, addresses, expected]) => {
    expect(created(env, addresses)).toBe(expected);
  });
});

test('the table of packs has a header and a line for each account, Region and pack', () => {
  const status = {
    pack: 'compliance-regional',
    region: 'eu-west-1',
    status: 'CREATE_FAILED',
    reason: 'no recorder',
  };
  expect(formatStatuses([{ ...status, accountId: '111122223333' }])).toBe(
    [
      'Account       Region          Pack                    Status             Reason',
      '111122223333  eu-west-1       compliance-regional     CREATE_FAILED      no recorder',
    ].join('\n'),
  );
  expect(formatStatuses([])).toBe('No packs are rolled out.');
});
