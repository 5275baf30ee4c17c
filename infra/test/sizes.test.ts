import { loadAllRules } from '@compliance/registry';
import { expect, test } from 'vitest';

import { sizesOf, sizesText } from '../src/sizes.ts';
import { terraformModules } from '../src/terraform-modules.ts';
import { aRule, accounts, someSettings } from './examples.ts';

const permissions = { list: [], get: ['s3:GetBucketAcl'], fix: ['s3:PutBucketAcl'], undo: [] };
const rules = [aRule('S3_ONE', { permissions }), aRule('IAM_TWO', { deploy: 'home-region' })];

test('each role, session policy, pack and resource policy has its size beside the limit', () => {
  expect(sizesOf(someSettings(), rules).map(({ what, limit, unit }) => `${what}: ${limit} ${unit}`)).toEqual([
    'role compliance-evaluate: 10 policies',
    'largest policy, compliance-evaluate: 6144 characters',
    'role compliance-remediate: 10 policies',
    'largest policy, compliance-remediate: 6144 characters',
    'role compliance-automation: 10 policies',
    'largest policy, compliance-automation: 6144 characters',
    'largest session policy, S3_ONE: 2048 characters',
    'pack compliance-regional in eu-west-1: 130 rules',
    'pack compliance-regional in eu-west-1: 300000 bytes',
    'pack compliance-global in eu-west-1: 130 rules',
    'pack compliance-global in eu-west-1: 300000 bytes',
    'pack compliance-regional in us-east-1: 130 rules',
    'pack compliance-regional in us-east-1: 300000 bytes',
    'resource policy of compliance-generic-rule: 20480 bytes',
    'resource policy of compliance-generic-remediation: 20480 bytes',
  ]);
});

test('a size is that of the module which Terraform applies', () => {
  const settings = someSettings();
  const pack = terraformModules(settings, rules)['rollout/eu-west-1/packs/compliance-global.yaml'] ?? '';
  const sizes = sizesOf(settings, rules).filter(({ what }) => what === 'pack compliance-global in eu-west-1');
  expect(sizes.map(({ size }) => size)).toEqual([1, Buffer.byteLength(pack)]);
});

test('more accounts need a larger resource policy, and rules that are off need nothing', () => {
  const sizeOf = (what: string, settings = someSettings()) =>
    sizesOf(settings, rules).find((size) => size.what.startsWith(what))?.size;
  const policy = 'resource policy of compliance-generic-rule';
  expect(sizeOf(policy, someSettings({ accounts: accounts(20) }))).toBeGreaterThan(
    sizeOf(policy) ?? Infinity,
  );
  expect(sizeOf('pack', someSettings({ defaults: { mode: 'off' } }))).toBeUndefined();
  expect(sizeOf('largest session policy', someSettings({ defaults: { mode: 'off' } }))).toBeUndefined();
});

test('the real rules are within every limit', async () => {
  for (const { what, size, limit } of sizesOf(someSettings(), await loadAllRules()))
    expect(size, what).toBeLessThanOrEqual(limit);
});

test('sizes are printed in columns', () => {
  const text = sizesText([
    { what: 'a pack', size: 3, limit: 130, unit: 'rules' },
    { what: 'another pack', size: 12_345, limit: 300_000, unit: 'bytes' },
  ]);
  expect(text).toBe('  a pack             3 of 130 rules\n  another pack  12,345 of 300,000 bytes');
});
