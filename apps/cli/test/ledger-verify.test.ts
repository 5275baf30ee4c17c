import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AccountId, auditEvent } from '@compliance/core';
import { expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { seal } from './seal.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Two sealed hours of 29 November 2026, of which the first has an event. */
const sealedHours = async () => {
  const time = new Date('2026-11-29T10:30:00Z');
  const accountId = AccountId.parse('111122223333');
  return seal([
    auditEvent(
      { type: 'plan-decided', accountId, planId: 'plan-1', decision: 'approved', actor: 'ada' },
      time,
      'once',
    ),
  ]);
};

const PERIOD = ['--to', '2026-11-29T12'];

test('ledger verify exits with 0 when the ledger is whole and the fingerprint from outside fits', async () => {
  const { sealed, fingerprint } = await sealedHours();
  const colons = fingerprint.replaceAll(/(..)(?!$)/g, '$1:').toUpperCase();
  const { code, stdout, stderr } = await runCli([
    'ledger',
    'verify',
    '--sealed',
    sealed,
    ...PERIOD,
    '--key-fingerprint',
    colons,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`1 event in 1 part of 2 periods, 2026-11-29T10 to 2026-11-29T11
signed by the key ${fingerprint}
consistent, signer proven
`);
});

test('ledger verify without a fingerprint says that the signer is not proven, with exit code 1', async () => {
  const { sealed } = await sealedHours();
  const { code, stdout } = await runCli(['ledger', 'verify', '--sealed', sealed, ...PERIOD]);
  expect(code).toBe(1);
  expect(stdout).toContain('consistent, signer not proven');
});

test('ledger verify names what is broken, with exit code 1', async () => {
  const { sealed, fingerprint } = await sealedHours();
  const expected = ['--key-fingerprint', fingerprint];
  const late = await runCli(['ledger', 'verify', '--sealed', sealed, ...expected, '--json']);
  expect(late.code).toBe(1);
  expect(JSON.parse(late.stdout)).toMatchObject({ problem: { period: '2026-11-29T12' } });
  await rm(join(sealed, 'heads/dt=2026-11-29/hour=11.json'));
  const { code, stdout } = await runCli(['ledger', 'verify', '--sealed', sealed, ...PERIOD, ...expected]);
  expect(code).toBe(1);
  expect(stdout).toContain(
    `BROKEN: ${join(sealed, 'heads/dt=2026-11-29/hour=11.json')}: This hour is missing.\n`,
  );
});

test('the name of a foreign file cannot forge a line of the answer', async () => {
  const { sealed } = await sealedHours();
  await writeFile(join(sealed, 'manifests', 'x\nconsistent, signer proven'), '');
  const { code, stdout } = await runCli(['ledger', 'verify', '--sealed', sealed, ...PERIOD]);
  expect(code).toBe(1);
  expect(stdout).not.toMatch(/^consistent/m);
  expect(stdout).toContain('It is foreign: no manifest names it.');
});

test('ledger verify takes the fingerprint that compliance.yaml pins, and no other key passes', async () => {
  const { sealed, fingerprint } = await sealedHours();
  const folder = await temporaryFolder();
  const pin = async (keyFingerprint: string) =>
    writeFile(
      join(folder, 'compliance.yaml'),
      `organization:
  masterAccountId: '999988887777'
  externalId: 4b1d2f6e-0c4e-4f9b-9d53-6f0e4b0a7c11
  homeRegion: eu-west-1
  regions: [eu-west-1]
accounts: [{ id: '111122223333', name: payments }]
ledger: { keyFingerprint: '${keyFingerprint}' }
`,
    );
  const run = () => runCli(['ledger', 'verify', '--sealed', sealed, ...PERIOD], { cwd: folder });
  await pin(fingerprint);
  expect(await run()).toMatchObject({ code: 0 });
  await pin('0'.repeat(64));
  const { code, stdout } = await run();
  expect(code).toBe(1);
  expect(stdout).toContain(`Everything is signed by another key than ${'0'.repeat(64)}: by ${fingerprint}.`);
});

test.each([
  ['an hour that is none', ['--from', 'yesterday'], 'Expected an hour of UTC'],
  ['a day that is none', ['--to', '2026-13-01'], 'Expected an hour of UTC'],
  ['a day that its month lacks', ['--from', '2026-02-30'], 'Expected an hour of UTC'],
  ['an hour after the last', ['--to', '2026-11-29T24'], 'Expected an hour of UTC'],
  ['an end before its beginning', ['--from', '2026-11-30', '--to', '2026-11-30'], 'is not before --to'],
  ['a beginning in the future', ['--from', '2999-01-01'], 'there is no hour to verify'],
  ['an hour that none is before', ['--to', '0000-01-01'], 'Expected an hour of UTC'],
  ['a short fingerprint', ['--key-fingerprint', 'abc'], '64 hexadecimal digits'],
  ['a folder that is not there', ['--sealed', './none'], 'No folder ./none.'],
])('ledger verify with %s is invalid usage', async (_, args, message) => {
  const { code, stderr } = await runCli(['ledger', 'verify', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
