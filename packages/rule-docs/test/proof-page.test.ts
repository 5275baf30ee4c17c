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
  expect(rowOf(tested({ compliant: { a: seed }, nonCompliant: { b: seed } }))[7]).toBe('apart');
});

test('a permission that another contract proves is not unproven', () => {
  const unproven = { 's3:GetObject': 'moto lacks it.' };
  expect(rowOf(tested({ unproven }, { unproven }))[8]).toBe('1');
  expect(rowOf(tested({ unproven }, {}))[8]).toBe('-');
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
