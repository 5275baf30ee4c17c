import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sampleChangeEvent } from '@compliance/core/testing';
import type { AuditEvent } from '@compliance/core';
import {
  STATES,
  accountKey,
  countsAt,
  parseAccount,
  parseOverview,
  parseUnit,
  unitKey,
  type Overview,
} from '@compliance/dashboard-data';
import { folderLedger } from '@compliance/ledger';
import { openDoors } from '@compliance/ledger/testing';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildState, verdictsIn, writeDashboard, writeVerdicts, type Organization } from '../src/index.ts';
import { evaluated, failed, held, swept } from './events.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
});
afterEach(() => rm(folder, { recursive: true }));

const HOSTILE = '</script><img src=x onerror=alert(1)>\u202E"\t\n';
const OTHER = '444455556666';

const rule = (command: string): Organization['rules'][number] => ({
  command,
  title: `${command} holds`,
  severity: 'low',
  service: 'S3',
  resourceType: 'AWS::S3::Bucket',
  fix: 'safe',
  controls: { 'cis-7.0': ['2.1.1'] },
});

const organization: Organization = {
  id: 'o-example',
  name: 'Example',
  rules: [rule('S3_BLOCK_PUBLIC_ACCESS'), rule('S3_ENABLE_VERSIONING')],
  frameworks: [],
  accounts: [
    { id: '111122223333', name: 'payments', unit: 'Root/Workloads', owner: 'team-p' },
    { id: '777788889999', name: 'empty', unit: 'Root/Sandbox' },
  ],
  exemptions: [
    {
      id: 'EX-1',
      commands: ['S3_ENABLE_VERSIONING'],
      resources: ['logs-*'],
      reason: 'Rewritten nightly',
      owner: 'data',
      approver: 'security',
      ticket: 'SEC-12',
      expires: '2026-12-31',
    },
  ],
};

const write = async (
  events: AsyncIterable<AuditEvent> | readonly AuditEvent[],
  until: string,
  described = organization,
): Promise<Overview> => {
  const state = join(folder, 'state');
  const manifest = await buildState({ folder: state, events, until: new Date(until) });
  await writeDashboard({ state, manifest, organization: described, out: folder });
  return parseOverview(await textOf('overview.json'));
};
const textOf = (key: string) => readFile(join(folder, key), 'utf8');
const accountOf = async (index: number, overview: Overview) =>
  parseAccount(await textOf(accountKey(index)), index, overview);

const events: readonly AuditEvent[] = [
  evaluated('a', 'NON_COMPLIANT', '2026-11-20T08:00:00Z', { annotation: 'Off.', owner: 'team-a' }),
  evaluated(HOSTILE, 'NON_COMPLIANT', '2026-11-20T09:00:00Z', { annotation: HOSTILE, owner: HOSTILE }),
  evaluated('logs-1', 'NOT_APPLICABLE', '2026-11-20T08:00:00Z', {
    exemption: 'EX-1',
    annotation: 'Exempt by EX-1 until 2026-12-31.',
  }),
  evaluated('logs-2', 'NOT_APPLICABLE', '2026-11-20T08:00:00Z', {
    exemption: 'EX-OLD',
    annotation: 'Exempt by EX-OLD until 2026-12-01.',
  }),
  evaluated('landing', 'NON_COMPLIANT', '2026-11-20T08:00:00Z', { excluded: 'aws-*' }),
  evaluated('fine', 'COMPLIANT', '2026-11-20T08:00:00Z'),
  failed('secret', '2026-11-20T08:00:30Z'),
  swept('2026-11-20T08:00:00Z', { compliant: 9, nonCompliant: 1, exempt: 1, excluded: 1, failed: 1 }),
  evaluated('b', 'COMPLIANT', '2026-11-20T08:00:00Z', { account: OTHER, command: 'OLD_RULE' }),
];

describe('the three levels', () => {
  test('the parsers of the page accept them, and they count the same', async () => {
    const overview = await write(events, '2026-11-20T12:00:00Z');
    const { rules, units, accounts, trend, accountCounts, matrix } = overview;
    expect(rules.map(({ command }) => command)).toEqual([
      'S3_BLOCK_PUBLIC_ACCESS',
      'S3_ENABLE_VERSIONING',
      'OLD_RULE',
    ]);
    expect(units).toEqual(['Not in the settings', 'Root/Sandbox', 'Root/Workloads']);
    expect(accounts.id).toEqual(['111122223333', OTHER, '777788889999']);
    const expected = { compliant: 1, violating: 2, exempt: 2, excluded: 1, unknown: 1 };
    expect(countsAt(accountCounts, 0)).toEqual(expected);
    expect(countsAt(matrix, units.indexOf('Root/Workloads') * rules.length + 1)).toEqual(expected);
    expect(countsAt(trend.counts, trend.at.length - 1)).toEqual({ ...expected, compliant: 2 });
    expect(trend.at.at(-1)).toBe(overview.asOf);

    for (const index of units.keys()) parseUnit(await textOf(unitKey(index)), index, overview);
    const [payments] = await Promise.all(accounts.id.map((_, index) => accountOf(index, overview)));
    expect(payments?.findings.resource).toEqual([HOSTILE, 'a', 'landing', 'logs-1', 'logs-2', 'secret']);
    expect(payments?.findings.state.map((state) => STATES[state])).toEqual([
      'violating',
      'violating',
      'excluded',
      'exempt',
      'exempt',
      'unknown',
    ]);
    const owners = payments?.findings.owner.map((owner) => payments.texts[owner]);
    expect(owners?.slice(0, 2)).toEqual([HOSTILE, 'team-a']);
  });

  test('the overview says what is open the longest, whose it is, and what is exempt until when', async () => {
    const overview = await write(events, '2026-11-20T12:00:00Z');
    expect(overview.oldestOpen.resource).toEqual(['a', HOSTILE]);
    expect(overview.owners).toMatchObject({ name: [HOSTILE, 'team-a'], open: [1, 1], accounts: [[0], [0]] });
    const { exemptions, texts } = overview;
    expect(exemptions).toMatchObject({
      id: ['EX-OLD', 'EX-1'],
      count: [1, 1],
      rules: [[1], [1]],
      reason: ['', 'Rewritten nightly'],
      expires: ['2026-12-01', '2026-12-31'].map((date) => Date.parse(date) / 1000),
    });
    expect(texts[exemptions.scope[1] ?? 0]).toBe('resources logs-*');
    // What covers a resource that cannot be judged any more covers nothing that is known.
    const later = await write([...events, failed('logs-1', '2026-11-20T12:30:00Z')], '2026-11-20T13:00:00Z');
    expect(later.exemptions).toMatchObject({ id: ['EX-OLD', 'EX-1'], count: [1, 0] });
    expect(overview.notes).toEqual([
      'Verdicts of rules that this release does not have: OLD_RULE.',
      '1 accounts with verdicts are not in the settings.',
      '1 of 1 sweeps (a rule in an account and Region) counted other resources than are shown. `compliance state show` lists them.',
    ]);
  });

  test('the next one says what got worse and how long violations lasted, and leaves no file of the former', async () => {
    await write(events, '2026-11-20T12:00:00Z');
    const later = [
      evaluated('a', 'COMPLIANT', '2026-11-21T08:00:00Z'),
      evaluated('c', 'NON_COMPLIANT', '2026-11-21T08:00:00Z', { command: 'S3_BLOCK_PUBLIC_ACCESS' }),
    ];
    const fewer = { ...organization, accounts: organization.accounts.slice(0, 1) };
    const overview = await write(later, '2026-11-21T12:00:00Z', fewer);
    expect(overview.worse).toEqual({
      since: Date.parse('2026-11-20T12:00:00Z') / 1000,
      rows: { unit: [1], rule: [0], before: [0], now: [1] },
    });
    expect(overview.timeToRemediate).toMatchObject({ count: 1, mean: 86_400, byRule: { rule: [1] } });
    expect(overview.timeToRemediate.p90).toBeGreaterThan(86_400 * 0.95);
    expect(overview.timeToRemediate.p90).toBeLessThan(86_400 * 1.05);
    await expect(readdir(join(folder, 'account'))).resolves.toHaveLength(2);
    const { stories } = await accountOf(0, overview);
    expect(stories.map(({ resource, steps }) => [resource, steps.map(({ step }) => step)])).toEqual([
      ['a', ['found', 'compliant']],
    ]);
  });

  test('a violation that lasted seconds is counted in seconds, and never as none', async () => {
    const overview = await write(
      [
        evaluated('a', 'NON_COMPLIANT', '2026-11-20T08:00:00Z'),
        evaluated('a', 'COMPLIANT', '2026-11-20T08:00:07Z'),
        evaluated('b', 'NON_COMPLIANT', '2026-11-20T08:00:00Z', { command: 'OTHER' }),
        evaluated('b', 'COMPLIANT', '2026-11-20T08:00:00.300Z', { command: 'OTHER' }),
      ],
      '2026-11-20T12:00:00Z',
    );
    expect(overview.timeToRemediate).toMatchObject({ count: 2, mean: 4, byRule: { mean: [7, 1] } });
  });

  test('an organization without any event has files, too', async () => {
    const overview = await write([], '2026-11-20T12:00:00Z');
    expect(overview.trend.at).toEqual([overview.asOf]);
    expect(overview.notes).toEqual([
      'No sweep was seen yet: the population is not known, and may be larger than is shown.',
    ]);
    expect(overview.timeToRemediate).not.toHaveProperty('mean');
    await expect(accountOf(1, overview)).resolves.toMatchObject({ findings: { resource: [] } });
  });
});

test('the story of a resource has what was found, planned, approved and done, and who did it', async () => {
  const ledger = folderLedger(join(folder, 'ledger'));
  const { state, evaluate, remediate, ask } = openDoors(ledger);
  const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
  const change = (time: string) =>
    sampleChangeEvent({
      item: {
        resourceId: 'logs',
        resourceName: 'logs',
        ARN: 'arn:aws:s3:::logs',
        supplementaryConfiguration: {},
        configurationItemCaptureTime: at(time).toISOString(),
      },
    });
  state.now = at('09:00');
  await evaluate(change('09:00'), { awsRequestId: 'request-1' });
  state.now = at('10:00');
  const { planId = '' } = await remediate('ssm-1');
  state.now = at('10:01');
  await ask('approve', planId, 'approve-1');
  state.now = at('10:02');
  await ask('apply', planId, 'apply-1');
  state.now = at('11:00');
  await evaluate(change('11:00'), { awsRequestId: 'request-2' });

  const overview = await write(ledger.read(), '2026-11-20T12:00:00Z');
  const { stories } = await accountOf(0, overview);
  expect(stories).toMatchObject([{ resource: 'logs', region: 'eu-west-1' }]);
  const steps = stories[0]?.steps ?? [];
  expect(steps.map(({ step }) => step)).toEqual([
    'found',
    'planned',
    'waiting',
    'approved',
    'applied',
    'verified',
    'compliant',
  ]);
  expect(steps[0]?.text).not.toBe('');
  expect(steps[4]).toMatchObject({ facts: { status: 'Enabled' }, factsBefore: { status: 'Off' } });
  expect(steps[4]?.calls?.[0]).toContain('s3:PutBucketVersioning');
  const { remediation, texts } = overview;
  expect(remediation).toMatchObject({
    total: 1,
    byRule: { fixed: [0, 0, 1] },
    recent: { resource: ['logs'], outcome: [0] },
  });
  expect(texts[remediation.recent.actor[0] ?? -1]).toBe('arn:aws:sts::999988887777:assumed-role/ops/jo');
});

test('a fix is limited, flapping or waits for a person, as its event says', async () => {
  const holds = { a: 'limit', b: 'circuit', c: 'flapping', d: undefined } as const;
  const { remediation } = await write(
    Object.entries(holds).flatMap(([resource, blockedBy]) => [
      evaluated(resource, 'NON_COMPLIANT', '2026-11-20T08:00:00Z'),
      held(resource, '2026-11-20T09:00:00Z', blockedBy),
    ]),
    '2026-11-20T12:00:00Z',
  );
  expect(remediation).toMatchObject({
    byRule: { limited: [0, 2], flapping: [0, 1], waiting: [0, 2] },
    flapping: { resource: ['c'] },
  });
});

test('the Parquet file has every verdict, sorted by resource, with what the page searches', async () => {
  const state = join(folder, 'state');
  const manifest = await buildState({ folder: state, events, until: new Date('2026-11-20T12:00:00Z') });
  await writeVerdicts(state, manifest, folder);
  const file = await asyncBufferFromFile(join(folder, 'verdicts.parquet'));
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(verdictsIn(manifest));
  expect(rows.map(({ resource }) => String(resource))).toEqual([
    HOSTILE,
    'a',
    'b',
    'fine',
    'landing',
    'logs-1',
    'logs-2',
    'secret',
  ]);
  expect(rows[5]).toEqual({
    resource: 'logs-1',
    name: '',
    type: 'AWS::S3::Bucket',
    account: '111122223333',
    region: 'eu-west-1',
    rule: 'S3_ENABLE_VERSIONING',
    state: 'exempt',
    since: BigInt(Date.parse('2026-11-20T08:00:00Z') / 1000),
    annotation: 'Exempt by EX-1 until 2026-12-31.',
    owner: '',
    exemption: 'EX-1',
  });
});
