import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { grantAction } from '@compliance/core';
import { exampleRule } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { proofPage } from '../src/proof-page.ts';
import { readSupplement } from '../src/supplement.ts';
import type { Contract, TestedRule } from '../src/tests-of-rule.ts';

const seed = () => undefined;

const tested = (...fixtures: Partial<Contract['fixtures']>[]): TestedRule => ({
  rule: exampleRule,
  contracts: fixtures.map((some) => ({
    command: exampleRule.command,
    fixtures: { compliant: {}, nonCompliant: {}, ...some },
  })),
  titles: [],
  families: [],
});

const rowOf = (rule: TestedRule, supplement: readonly string[] = []): readonly string[] => {
  const page = proofPage([rule], new Set(supplement));
  const line = page.split('\n').find((text) => text.startsWith(`| [${exampleRule.command}]`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
};

test('a rule without seeds is proven by facts alone, and its fix is not applied', () => {
  const [, , provenOn, seeds, , fix, undo] = rowOf(tested({}));
  expect({ provenOn, seeds, fix, undo }).toEqual({
    provenOn: 'facts',
    seeds: '0',
    fix: 'not applied',
    undo: '-',
  });
});

test('a fix that was undone and one that cannot be are told apart', () => {
  expect(rowOf(tested({ nonCompliant: { a: seed } }))[6]).toBe('equal');
  expect(rowOf(tested({ oneWay: { a: seed } }))[6]).toBe('refused');
});

test('two Regions are apart only where one seed is compliant and one violates', () => {
  expect(rowOf(tested({ compliant: { a: seed } }))[7]).toBe('not shown');
  for (const kind of ['nonCompliant', 'manual', 'oneWay', 'settling'])
    expect(rowOf(tested({ compliant: { a: seed }, [kind]: { b: seed } }))[7], kind).toBe('apart');
});

test('a partition that the rule does not concern is named, by its contract or because it lacks the service', () => {
  expect(rowOf(tested({ compliant: { a: seed } }))[8]).toBe('verdict alone');
  const violating = { manual: { a: seed } };
  expect(rowOf(tested(violating))[8]).toBe('all');
  expect(rowOf(tested({ ...violating, notIn: ['aws-cn'] }))[8]).toBe('not in aws-cn');
  const cloudfront = { ...exampleRule.permissions, list: ['cloudfront:ListDistributions'] };
  const lacking = { ...tested(violating), rule: { ...exampleRule, permissions: cloudfront } };
  expect(rowOf(lacking)[8]).toBe('not in aws-iso, aws-us-gov');
});

test('a rule of the organization is for its management account', () => {
  expect(rowOf(tested({}))[9]).toBe('every');
  const rule = { ...exampleRule, only: 'management-account' as const };
  expect(rowOf({ ...tested({}), rule })[9]).toBe('management');
});

test('a permission that another contract proves is not unproven', () => {
  const unproven = { 's3:GetObject': 'moto lacks it.' };
  expect(rowOf(tested({ unproven }, { unproven }))[10]).toBe('1');
  expect(rowOf(tested({ unproven }, {}))[10]).toBe('-');
});

test('an answer of the supplement is named', () => {
  const action = grantAction(exampleRule.permissions.get[0] ?? '');
  expect(rowOf(tested({ compliant: { a: seed } }), [action])[2]).toBe(`supplement: \`${action}\``);
});

test('the supplement has an operation where a module of its service has the function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'supplement-'));
  writeFileSync(join(folder, 'accessanalyzer.py'), '@adds_to(X)\ndef list_analyzers(self):\n    pass\n');
  writeFileSync(join(folder, 'ec2.py'), 'def get_ebs_default_kms_key_id(self):\n    pass\n');
  const actions = ['access-analyzer:ListAnalyzers', 'ec2:ListAnalyzers', 'ec2:GetEbsDefaultKmsKeyId'];
  expect([...readSupplement(folder, actions)]).toEqual([
    'access-analyzer:ListAnalyzers',
    'ec2:GetEbsDefaultKmsKeyId',
  ]);
});
